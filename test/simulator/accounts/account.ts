import { createHash, randomBytes } from 'node:crypto';
import { ApiError } from '../http/errors';
import { MediaStore } from './mediaStore';
import { ReplyWindows } from '../push/replyWindows';
import { OpenidList } from './openidList';
import { Tokens } from './tokens';
import type { JobCourse, PushMessage, SimAccount, SimulatorOptions } from '../types';

export interface Follower {
	openid: string;
	/** The same person has another openid at each account; this finds them again. */
	person: string;
	subscribeTime: number;
	remark: string;
	tags: Set<number>;
	scene: string;
}

export interface Tag {
	id: number;
	name: string;
	members: OpenidList;
}

export const USUAL_COURSE: JobCourse = {
	takesMs: 0,
	publishStatus: 0,
	failIdx: [],
	massStatus: 'SEND_SUCCESS',
};

/** 星标组 exists from the start; the ids of new tags begin at 100. */
const STAR_TAG = 2;
const FIRST_TAG = 100;

/** Everything WeChat would remember about one account. */
export class Account {
	readonly tokens: Tokens;
	/** Everyone who ever followed; `subscribers` are those who do now. */
	readonly followers = new Map<string, Follower>();
	readonly subscribers = new OpenidList();
	readonly blacklist = new OpenidList();
	readonly tags = new Map<number, Tag>();
	readonly media: MediaStore;
	/** 永久素材. */
	readonly library: MediaStore;
	/** Those that were uploaded for the text of an article; no list has them. */
	readonly pictures: MediaStore;
	readonly windows: ReplyWindows;
	/** How the next publications and mass messages go. */
	jobCourse = USUAL_COURSE;
	private nextTag = FIRST_TAG;

	constructor(
		readonly settings: SimAccount,
		private readonly options: SimulatorOptions,
	) {
		this.tokens = new Tokens(options.tokenSeconds, options.now);
		this.media = new MediaStore(options.now);
		this.library = new MediaStore(options.now, true);
		this.pictures = new MediaStore(options.now, true);
		this.windows = new ReplyWindows(options.now);
		this.tags.set(STAR_TAG, { id: STAR_TAG, name: '星标组', members: new OpenidList() });
		for (let index = 0; index < options.followers; index++) this.subscribe(String(index));
	}

	/** A known openid's user, whether they follow at present or not. */
	user(openid: string): Follower {
		const user = this.followers.get(openid);
		if (!user) throw new ApiError(40003);
		return user;
	}

	/** Who writes when nobody else is named. */
	get visitor(): string {
		return this.subscribers.page('', 1)?.[0] ?? openidOf(this.settings.appId, 'visitor');
	}

	addTag(name: string): Tag {
		const tag = { id: this.nextTag++, name, members: new OpenidList() };
		this.tags.set(tag.id, tag);
		return tag;
	}

	/** Takes note of what a push tells: who follows, who wrote. */
	observe({ FromUserName: from, MsgType: type, Event: event }: PushMessage): void {
		if (typeof from !== 'string' || from === '') return;
		const isEvent = type === 'event';
		if (isEvent && event === 'unsubscribe') this.subscribers.remove(from);
		// Only followers can write, so whoever writes first is taken for a new one.
		const isNew = isEvent ? event === 'subscribe' : !this.followers.has(from);
		if (isNew) this.subscribe(from, from);
		this.windows.open(from, String(type), String(event));
	}

	private subscribe(person: string, openid = openidOf(this.settings.appId, person)): void {
		const subscribeTime = Math.floor(this.options.now() / 1000);
		const known = this.followers.get(openid);
		const user = known ?? { openid, person, remark: '', tags: new Set<number>() };
		this.followers.set(openid, { ...user, subscribeTime, scene: 'ADD_SCENE_QR_CODE' });
		this.subscribers.add(openid);
	}
}

/** 28 characters as WeChat's: the openids of one account begin alike. */
export function openidOf(appId: string, person: string): string {
	const hash = (text: string) => createHash('sha256').update(text).digest('base64url');
	return `o${hash(appId).slice(0, 5)}${hash(`${appId} ${person}`).slice(0, 22)}`;
}

export const randomKey = (length: number): string =>
	Array.from(randomBytes(length), (byte) => BASE62[byte % BASE62.length]).join('');

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { isOneOf } from '../accounts/signatures';
import type { FilePart } from '../http/multipart';
import { FILES } from './endpoints';
import { Refusal } from './refusal';
import type { Rule } from './rules';

export interface User {
	id: string;
	password: string;
	/** The link in the confirmation mail was opened. */
	isConfirmed: boolean;
}

export interface Follower {
	openid: string;
	nickname: string;
	groupId: number;
	remark: string;
}

export interface Material {
	id: string;
	kind: string;
	name: string;
	/** Seconds. */
	at: number;
}

interface Options {
	appId: string;
	tokenSeconds: number;
	followers: number;
	now: () => number;
}

/** IDs below are WeChat's own groups (未分组, 黑名单, 星标组). */
const FIRST_OWN_GROUP = 100;

/** 24 hex digits, as the document's sample shows one: the ID of a MongoDB record. */
export const recordId = () => randomBytes(12).toString('hex');

/** What a server knows: its users, and the one official account behind it. */
export class ServerState {
	readonly users = new Map<string, User>();
	/** When each ends, in milliseconds. */
	readonly tokens = new Map<string, number>();
	readonly rules = new Map<string, Rule>();
	readonly groups = new Map<number, string>([
		[0, '未分组'],
		[1, '黑名单'],
		[2, '星标组'],
	]);
	readonly followers: Follower[];
	readonly materials: Material[] = [];
	/** Addresses of pictures that were handed out. */
	readonly pictures = new Set<string>();
	url = '';
	private nextGroup = FIRST_OWN_GROUP;

	constructor(readonly options: Options) {
		this.followers = Array.from({ length: options.followers }, (_, n) => ({
			openid: `oSzn${randomBytes(18).toString('base64url')}`,
			nickname: `关注者${n + 1}`,
			groupId: 0,
			remark: '',
		}));
	}

	/** It has characters that must be escaped in a cookie and in a query. */
	issueToken(): string {
		const value = `s:${randomBytes(24).toString('base64')}+/=`;
		this.tokens.set(value, this.options.now() + this.options.tokenSeconds * 1000);
		return value;
	}

	isLive(token: string): boolean {
		return (this.tokens.get(token) ?? 0) > this.options.now();
	}

	follower(openid: unknown): Follower {
		const found = this.followers.find((one) => one.openid === openid);
		if (!found) throw new Refusal(404, 'there is no follower of this openid');
		return found;
	}

	group(id: unknown): string {
		const name = this.groups.get(id as number);
		if (name === undefined) throw new Refusal(404, 'there is no such group');
		return name;
	}

	addGroup(name: string): number {
		if ([...this.groups.values()].includes(name)) throw new Refusal(409, 'the group exists');
		this.groups.set(this.nextGroup, name);
		return this.nextGroup++;
	}

	renameGroup(id: number, name: string): void {
		this.group(id);
		if (id < FIRST_OWN_GROUP) throw new Refusal(400, 'this group has a fixed name');
		this.groups.set(id, name);
	}

	/** Takes a file as the server would, by its bytes as well. */
	uploadFile(kind: string, file: FilePart): void {
		const extensions = FILES[kind]?.extensions;
		if (extensions && !isOneOf(file.bytes, extensions))
			throw new Refusal(415, `${file.fileName} is no ${kind}`);
		this.addFile(kind, file);
	}

	addFile(kind: string, { fileName, bytes }: FilePart): Material {
		const limits = FILES[kind];
		if (limits && !limits.extensions.includes(extname(fileName).toLowerCase()))
			throw new Refusal(415, `${fileName} is no ${kind}`);
		if (limits && bytes.length > limits.bytes) throw new Refusal(413, `${fileName} is too large`);
		const at = Math.floor(this.options.now() / 1000);
		const material = { id: randomBytes(32).toString('base64url'), kind, name: fileName, at };
		this.materials.unshift(material);
		return material;
	}

	material(id: unknown): Material {
		const found = this.materials.find((one) => one.id === id);
		if (!found) throw new Refusal(404, 'there is no material of this id');
		return found;
	}
}

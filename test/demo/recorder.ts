import { randomUUID } from 'node:crypto';
import { FAULT_NOTICE, type Delivery, type SimulatorEvent, type Simulator } from '../simulator';
import { messageBubble, replyBubble, type Bubble } from './bubble';
import type { Chat } from './chat';
import type { BubbleItem, DeliveryItem, Feed, PushItem, ReleaseItem } from './feed';
import { Refusal } from './refusal';
import { indented, decryptBody } from './decryptBody';

type Told<Type> = Extract<SimulatorEvent, { type: Type }>;

/** A push that is under way. */
interface Watched {
	item: PushItem;
	key: string;
	/** Of the visitor; others are those of the platform, of its accounts and of tests. */
	chat?: Chat;
}

/** Makes items for the page of what the simulator tells. */
export class Recorder {
	private readonly pushes = new Map<string, Watched>();
	private release?: ReleaseItem;

	constructor(
		private readonly chats: Chat[],
		private readonly simulator: Simulator,
		private readonly feed: Feed,
	) {}

	hear(event: SimulatorEvent): void {
		if (event.type === 'push') this.begin(event);
		if (event.type === 'delivery') this.send(event);
		if (event.type === 'answer') this.answer(event);
		if (event.type === 'end') this.end(event);
		if (event.type === 'message') this.receive(event);
		if (event.type === 'typing') this.type(event);
		if (event.type === 'step') this.step(event);
	}

	/** Puts a bubble into a chat. */
	say({ id: account }: Chat, from: BubbleItem['from'], bubble: Bubble): void {
		this.feed.put({ type: 'bubble', id: randomUUID(), account, from, at: Date.now(), bubble });
		if (from !== 'user') this.feed.put({ type: 'typing', id: account, isTyping: false });
	}

	/** Runs the release test; one at a time. */
	test(pair: 1 | 2 | 3 | 4 | 5): void {
		if (this.release?.isRunning) throw new Refusal('testRunning');
		this.showTest({ type: 'release', id: 'release', pair, isRunning: true, steps: [] });
		const end = () => this.release && this.showTest({ ...this.release, isRunning: false });
		void this.simulator.platform.releaseTest(pair).then(end, end);
	}

	private begin({ id, appId, sealedFor, message }: Told<'push'>): void {
		const chat = this.chatWith(appId, message.FromUserName);
		const sealing = this.chats.find(({ keys }) => keys.appId === sealedFor);
		if (!sealing) return;
		const kind = message.InfoType ?? message.MsgType;
		const title = String(kind === 'event' ? message.Event : kind);
		const item: PushItem = {
			type: 'push',
			id,
			account: sealing.id,
			at: Date.now(),
			title,
			appId,
			deliveries: [],
		};
		this.pushes.set(id, { item, key: sealing.keys.encodingAESKey, chat });
	}

	private send({ id, url, query, body }: Told<'delivery'>): void {
		const watched = this.pushes.get(id);
		if (!watched) return;
		const plain = decryptBody(body, watched.key) ?? indented(body);
		const address = new URL(url);
		for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
		const delivery = { url: address.href, body, plain };
		this.showPush(watched, { deliveries: [...watched.item.deliveries, delivery] });
	}

	private answer({ id, delivery }: Told<'answer'>): void {
		const watched = this.pushes.get(id);
		const sent = watched?.item.deliveries.at(-1);
		if (!watched || !sent) return;
		const answered = { ...sent, answer: answerOf(delivery, watched.key) };
		this.showPush(watched, { deliveries: [...watched.item.deliveries.slice(0, -1), answered] });
	}

	private end({ id, result: { outcome, reply, shown } }: Told<'end'>): void {
		const watched = this.pushes.get(id);
		if (!watched) return;
		this.pushes.delete(id);
		this.showPush(watched, { outcome });
		const { chat } = watched;
		if (!chat || !this.isFollowing(chat)) return;
		const bubble = reply && replyBubble(reply, this.simulator.mediaUrl);
		if (bubble) this.say(chat, 'account', bubble);
		else if (shown === FAULT_NOTICE) this.say(chat, 'wechat', { kind: 'fault' });
	}

	private receive({ appId, body }: Told<'message'>): void {
		const chat = this.chatWith(appId, body.touser);
		if (chat) this.say(chat, 'account', messageBubble(body, this.simulator.mediaUrl));
	}

	private type({ appId, openid, isTyping }: Told<'typing'>): void {
		const chat = this.chatWith(appId, openid);
		if (chat) this.feed.put({ type: 'typing', id: chat.id, isTyping });
	}

	private step({ step, ok, problem }: Told<'step'>): void {
		if (!this.release?.isRunning) return;
		this.showTest({ ...this.release, steps: [...this.release.steps, { step, ok, problem }] });
	}

	private chatWith(appId: string, openid: unknown): Chat | undefined {
		return this.chats.find((chat) => chat.account.appId === appId && chat.openid === openid);
	}

	/** WeChat shows nothing to those who have left. */
	private isFollowing({ account, openid }: Chat): boolean {
		return this.simulator.openids(account.appId).includes(openid);
	}

	private showPush(watched: Watched, changes: Partial<PushItem>): void {
		watched.item = { ...watched.item, ...changes };
		this.feed.put(watched.item);
	}

	private showTest(release: ReleaseItem): void {
		this.release = release;
		this.feed.put(release);
	}
}

function answerOf({ body, ...rest }: Delivery, key: string): DeliveryItem['answer'] {
	const { outcome, ms, status, problem } = rest;
	const plain = body === undefined ? undefined : decryptBody(body, key);
	return { outcome, ms, status, problem, body, plain };
}

import type { Simulator } from '../simulator';
import type { BotServer } from '../simulator/bot';
import { isObject } from '../simulator/http/json';
import type { PayV3Server } from '../simulator/payV3';
import { actions, pictureSent, type UserAction } from './actions';
import { Articles } from './articles';
import { BotPhone } from './botPhone';
import { ownChat, platformChat, type Chat } from './chat';
import { Feed, type AccountItem } from './feed';
import { Payments } from './payments';
import { Recorder } from './recorder';
import { Refusal } from './refusal';
import { webAddress } from './text';

/** What somebody can do who does not follow. */
const FOR_STRANGERS = ['follow', 'scan'];

/** What the page can ask for. A Refusal says what is wrong with it; what comes of it is in the feed. */
export class PageBackend {
	readonly feed = new Feed();
	private readonly chats: Chat[];
	private readonly urls = new Map<Chat, string>();
	private readonly bot?: BotPhone;
	private readonly payments?: Payments;
	private readonly articles: Articles;
	/** What starts the workflow that publishes. */
	private publishUrl?: string;
	private readonly recorder: Recorder;
	private readonly stopListening: () => void;

	constructor(
		private readonly simulator: Simulator,
		{ bots, pay }: { bots?: BotServer; pay?: PayV3Server } = {},
	) {
		this.chats = [ownChat(simulator), platformChat(simulator)];
		this.recorder = new Recorder(this.chats, simulator, this.feed);
		this.stopListening = simulator.listen((event) => {
			this.recorder.hear(event);
			if (event.type === 'menu') this.showAccounts();
			if (event.type !== 'publication') return;
			const chat = this.chats.find(({ account }) => account.appId === event.appId);
			if (chat) this.articles.hear(event, chat);
		});
		this.articles = new Articles(simulator, this.feed);
		this.payments = pay && new Payments(pay, this.feed);
		this.showAccounts();
		this.bot = bots && new BotPhone(bots, this.feed);
	}

	/** Enters the production URL of a trigger, and takes the account there from now on. */
	async connect(id: string, address: unknown): Promise<void> {
		const chat = this.chatOf(id);
		const url = webAddress(address);
		if (!url) throw new Refusal('noAddress');
		const known = this.urls.get(chat);
		try {
			await chat.connect(url);
			this.urls.set(chat, url);
		} catch (error) {
			if (known) await chat.connect(known).catch(() => {});
			throw error;
		} finally {
			this.showAccounts();
		}
	}

	/** Says on which page the bot of a person is logged in. */
	showLoginLink(link: string): void {
		this.bot?.showLink(link);
	}

	/** Says where WeChat Pay notifies n8n of payments. */
	connectPayments(url: string): void {
		this.payments?.connect(url);
		this.showAccounts();
	}

	/** Says which webhook of n8n starts the workflow that publishes an article. */
	connectArticles(url: string): void {
		this.publishUrl = url;
		this.showAccounts();
	}

	/** The account publishes an article: n8n is asked to, and what it publishes comes by itself. */
	async publish(): Promise<void> {
		if (this.publishUrl === undefined) throw new Refusal('notConnected');
		const { ok, status } = await fetch(this.publishUrl, { method: 'POST' });
		if (!ok) throw new Refusal('notPublished', String(status));
	}

	/** The page of a published article, for a frame in which no script runs. */
	readArticle(id: string): string | undefined {
		return this.articles.read(id);
	}

	/** Does what a button of the phone says; comes back when WeChat has begun to push it. */
	act(id: string, name: string, input: unknown): void {
		if (this.bot && id === 'bot') return this.bot.act(name, input);
		const chat = this.chatOf(id);
		if (name === 'pay') return this.pay(chat);
		if (!Object.hasOwn(actions, name)) throw new Refusal('noAction', name);
		const { openid, account } = chat;
		const isFollowing = this.isFollowing(chat);
		if (isFollowing && name === 'follow') throw new Refusal('following');
		if (!isFollowing && !FOR_STRANGERS.includes(name)) throw new Refusal('notFollowing');
		const menu = this.simulator.menu(openid, account.appId);
		const action = actions[name](isObject(input) ? input : {}, { isFollowing, menu });
		this.perform(chat, action);
	}

	/** Sends a picture to the account. */
	sendPicture(id: string, fileName: string, bytes: Buffer): void {
		const isPicture = /\.(png|jpe?g|gif)$/i.test(fileName) && bytes.length > 0;
		if (this.bot && id === 'bot' && isPicture) return this.bot.sendPicture(bytes);
		const chat = this.chatOf(id);
		if (!this.isFollowing(chat)) throw new Refusal('notFollowing');
		if (!isPicture) throw new Refusal('noPicture');
		const mediaId = this.simulator.addMedia(bytes, fileName, chat.account.appId);
		this.perform(chat, pictureSent(mediaId, this.simulator.mediaUrl(mediaId)));
	}

	/** Runs 全网发布检测 with one of the five pairs; steps are told as they end. */
	releaseTest(pair: unknown): void {
		const chosen = [1, 2, 3, 4, 5].find((one) => one === pair) as 1 | undefined;
		if (chosen === undefined) throw new Refusal('noPair');
		const platform = this.chatOf('platform');
		if (!this.urls.has(platform)) throw new Refusal('notConnected');
		this.recorder.test(chosen);
	}

	close(): void {
		this.stopListening();
		this.bot?.close();
	}

	private pay(chat: Chat): void {
		if (!this.payments || chat.id !== 'own') throw new Refusal('noAction', 'pay');
		if (!this.isFollowing(chat)) throw new Refusal('notFollowing');
		const detail = this.payments.pay(chat);
		this.recorder.say(chat, 'user', { kind: 'note', what: 'paid', detail });
	}

	private perform(chat: Chat, { message, bubble }: UserAction): void {
		const url = this.urls.get(chat);
		if (url === undefined) throw new Refusal('notConnected');
		this.recorder.say(chat, 'user', bubble);
		chat.push(url, { FromUserName: chat.openid, ...message }).catch((error: Error) => {
			this.recorder.say(chat, 'wechat', { kind: 'note', what: 'notPushed', detail: error.message });
		});
		this.showAccounts();
	}

	private chatOf(id: string): Chat {
		const chat = this.chats.find((one) => one.id === id);
		if (!chat) throw new Refusal('noAccount', id);
		return chat;
	}

	private isFollowing({ openid, account }: Chat): boolean {
		return this.simulator.openids(account.appId).includes(openid);
	}

	private listOffers(): AccountItem['offers'] {
		return [
			...(this.payments?.isConnected ? (['pay'] as const) : []),
			...(this.publishUrl === undefined ? [] : (['publish'] as const)),
		];
	}

	private showAccounts(): void {
		for (const chat of this.chats) {
			const { id, account, openid, keys } = chat;
			this.feed.put({
				type: 'account',
				id,
				name: account.nickName ?? account.name,
				appId: account.appId,
				openid,
				isFollowing: this.isFollowing(chat),
				url: this.urls.get(chat),
				menu: this.simulator.menu(openid, account.appId),
				offers: id === 'own' ? this.listOffers() : [],
				credential: [
					['appId', keys.appId],
					['appSecret', keys.secret],
					['token', keys.token],
					['encodingAesKey', keys.encodingAESKey],
					['baseUrl', this.simulator.url],
				],
			});
		}
	}
}

import { randomUUID } from 'node:crypto';
import type { BotServer, SeenMessage } from '../simulator/bot';
import { isObject } from '../simulator/http/json';
import { actions } from './actions';
import type { Bubble } from './bubble';
import type { AccountItem, BubbleItem, Feed } from './feed';
import { Refusal } from './refusal';

/** The visitor of the page. */
const PERSON = 'visitor@im.wechat';
const ID = 'bot';

/** How far the login is: nobody has asked for a code, there is one, it was scanned, the bot answers, it was removed. */
export type BotStep = 'noCode' | 'code' | 'scanned' | 'loggedIn' | 'removed';

/** The phone of a person who has a bot (个人微信机器人): scans its code, writes, and sees the answers. */
export class BotPhone {
	/** Where the code is shown. */
	private link?: string;
	private step: BotStep = 'noCode';
	private botId = '';
	private codes = 0;
	private seen = 0;
	private readonly stopListening: () => void;

	constructor(
		private readonly server: BotServer,
		private readonly feed: Feed,
	) {
		this.stopListening = server.listen(() => this.hear());
		this.show();
	}

	/** Does what a button of the phone says. */
	act(name: string, input: unknown): void {
		if (name === 'scan') this.scan();
		else if (name === 'confirm') this.confirm();
		else if (name === 'remove') this.remove();
		else if (name === 'text') {
			const { bubble } = actions.text(isObject(input) ? input : {}, {
				isFollowing: true,
				menu: [],
			});
			const { parts } = bubble as Extract<Bubble, { kind: 'text' }>;
			this.server.say(this.findBot(), PERSON, parts.map(({ text }) => text).join(''));
			this.say('user', bubble);
		} else throw new Refusal('noAction', name);
	}

	sendPicture(bytes: Buffer): void {
		this.server.give(this.findBot(), PERSON, { kind: 'image', bytes });
		this.say('user', { kind: 'image', src: toAddress(bytes) });
	}

	/** Says where n8n shows the code. */
	showLink(link: string): void {
		this.link = link;
		this.show();
	}

	close(): void {
		this.stopListening();
	}

	private scan(): void {
		if (this.step !== 'code') throw new Refusal('noCode');
		this.server.scan();
		this.go('scanned');
	}

	private confirm(): void {
		if (this.step !== 'scanned') throw new Refusal('noCode');
		({ botId: this.botId } = this.server.confirm(PERSON));
		this.say('wechat', { kind: 'note', what: 'botLoggedIn' });
		this.go('loggedIn');
	}

	/** WeChat ends the login of a bot that is removed. */
	private remove(): void {
		this.server.endSession(this.findBot());
		this.botId = '';
		this.say('wechat', { kind: 'note', what: 'botRemoved' });
		this.go('removed');
	}

	private findBot(): string {
		if (!this.botId) throw new Refusal('noBot');
		return this.botId;
	}

	/** After each call: what is new? */
	private hear(): void {
		const codes = this.server.count('get_bot_qrcode');
		if (codes > this.codes) {
			this.codes = codes;
			this.go('code');
		}
		const seen = this.server.seen(PERSON);
		for (const message of seen.slice(this.seen)) this.say('account', toBubble(message));
		this.seen = seen.length;
		const isTyping = this.server.isTyping(PERSON);
		this.feed.put({ type: 'typing', id: ID, isTyping });
	}

	private go(step: BotStep): void {
		this.step = step;
		this.show();
	}

	private say(from: BubbleItem['from'], bubble: Bubble): void {
		this.feed.put({ type: 'bubble', id: randomUUID(), account: ID, from, at: Date.now(), bubble });
	}

	private show(): void {
		const item: AccountItem = {
			type: 'account',
			id: ID,
			name: '我的机器人 My bot',
			appId: this.botId,
			openid: PERSON,
			isFollowing: this.botId !== '',
			step: this.step,
			url: this.link,
			menu: [],
			offers: [],
			credential: [['baseUrl', this.server.url]],
		};
		this.feed.put(item);
	}
}

const toAddress = (bytes: Buffer) => {
	const type = bytes[0] === 0x89 ? 'png' : bytes[0] === 0x47 ? 'gif' : 'jpeg';
	return `data:image/${type};base64,${bytes.toString('base64')}`;
};

function toBubble({ text = '', kind, bytes, fileName = '' }: SeenMessage): Bubble {
	if (kind === 'image' && bytes) return { kind: 'image', src: toAddress(bytes) };
	if (kind)
		return {
			kind: 'card',
			of: kind === 'file' ? 'document' : kind,
			title: fileName,
			description: '',
		};
	return { kind: 'text', parts: [{ text }] };
}

import type { PushMessage, PushResult, SentMessage, Simulator } from '../types';

/** Somebody in the chat with an account: writes, taps, and sends what a phone can send. */
export interface Person {
	openid: string;
	say(text: string): Promise<PushResult>;
	/** Taps on what is written so: in the newest menu or text that has it. */
	tap(label: string): Promise<PushResult>;
	sendPicture(bytes: Buffer): Promise<PushResult>;
	sendLocation(place: { latitude: number; longitude: number; label: string }): Promise<PushResult>;
	sendVoice(voice: VoiceFiles): Promise<PushResult>;
	send(message: PushMessage): Promise<PushResult>;
	/** What the chat shows of the account, oldest first: replies and customer service messages as text. */
	readonly seen: string[];
	/** Ends the notes of what is seen. */
	leave(): void;
}

/** WeChat keeps a voice message at 8 kHz and, for many, at 16 kHz, too. */
export interface VoiceFiles {
	bytes: Buffer;
	/** Default amr. */
	format?: string;
	wide?: Buffer;
}

/** How a person reaches an account: an address for its pushes, or the platform that it has authorized. */
interface Chat {
	openid: string;
	/** Default: the first account. */
	appId?: string;
	push(message: PushMessage): Promise<PushResult>;
}

/** Puts a person into a chat; from now on it is noted what they see. */
export function joinChat(simulator: Simulator, { openid, appId, push }: Chat): Person {
	const { appId: account } = appId ? { appId } : simulator.account;
	const seen: string[] = [];
	const tappable = new Map<string, Tap>();

	const show = (text: string, taps: Tap[]) => {
		if (text) seen.push(text);
		for (const tap of taps) tappable.set(tap.label, tap);
	};
	const leave = simulator.listen((event) => {
		if (event.type !== 'message' || event.appId !== account || event.body.touser !== openid) return;
		show(printMessage(event.body), listTaps(event.body));
	});
	const send = async (message: PushMessage): Promise<PushResult> => {
		const result = await push({ FromUserName: openid, ...message });
		show(result.shown, listLinks(result.shown));
		return result;
	};
	const keep = (bytes: Buffer, name: string) => simulator.addMedia(bytes, name, account);

	return {
		openid,
		seen,
		leave,
		send,
		say: async (Content) => await send({ MsgType: 'text', Content }),
		tap: async (label) => {
			const tap = tappable.get(label);
			if (!tap) throw new Error(`Nothing in the chat says "${label}": ${seen.join(' | ')}`);
			return await send({ MsgType: 'text', Content: tap.content, bizmsgmenuid: tap.id });
		},
		sendPicture: async (bytes) => {
			const MediaId = keep(bytes, 'picture.jpg');
			return await send({ MsgType: 'image', MediaId, PicUrl: simulator.mediaUrl(MediaId) });
		},
		sendLocation: async ({ latitude, longitude, label }) =>
			await send({
				MsgType: 'location',
				Location_X: String(latitude),
				Location_Y: String(longitude),
				Scale: '15',
				Label: label,
			}),
		sendVoice: async ({ bytes, format = 'amr', wide }) =>
			await send({
				MsgType: 'voice',
				MediaId: keep(bytes, 'voice.amr'),
				...(wide && { MediaId16K: keep(wide, 'voice.amr') }),
				Format: format,
			}),
	};
}

/** What can be tapped, and what WeChat says to the account then. */
interface Tap {
	label: string;
	content: string;
	id: string;
}

type Menu = { head_content?: string; list: Array<{ id: string; content: string }> };

/** A tap on a menu comes back as a text with the ID of the choice. */
function listTaps(body: SentMessage['body']): Tap[] {
	if (body.msgtype === 'msgmenu')
		return (body.msgmenu as Menu).list.map(({ id, content }) => ({ label: content, content, id }));
	return listLinks(printMessage(body));
}

/** A link to weixin://bizmsgmenu in a text says what its query holds. */
function listLinks(text: string): Tap[] {
	const links = text.matchAll(/<a href=["']weixin:\/\/bizmsgmenu\?([^"']+)["']>([^<]*)<\/a>/g);
	return [...links].map(([, query, label]) => {
		const parameters = new URLSearchParams(query.replaceAll('&amp;', '&'));
		const read = (name: string) => parameters.get(name) ?? '';
		return { label, content: read('msgmenucontent'), id: read('msgmenuid') };
	});
}

function printMessage(body: SentMessage['body']): string {
	if (body.msgtype === 'text') return (body.text as { content: string }).content;
	if (body.msgtype !== 'msgmenu') return `[${String(body.msgtype)}]`;
	const { head_content = '', list } = body.msgmenu as Menu;
	return [head_content, ...list.map(({ content }) => `[${content}]`)].join('\n');
}

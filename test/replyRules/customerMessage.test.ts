import type { Call } from '../../nodes/api/apiClient';
import type { AccountKind } from '../../nodes/api/app';
import type { Reply } from '../../nodes/push/reply';
import { sendCustomerMessage, TYPING_PATH } from '../../nodes/replyRules/customerMessage';
import endpoints from '../simulator/http/endpoints.json';

/** What WeChat is asked for. */
async function sent(reply: Reply, kind: AccountKind, thumbMediaId?: string): Promise<Call> {
	const calls: Call[] = [];
	const client = {
		kind: async () => kind,
		send: async (call: Call) => {
			calls.push(call);
			return {};
		},
	};
	await sendCustomerMessage(client, reply, 'oUser', thumbMediaId);
	expect(calls).toHaveLength(1);
	return calls[0];
}
const body = async (reply: Reply, kind: AccountKind = 'officialAccount', thumb?: string) =>
	(await sent(reply, kind, thumb)).body;

const item = { Title: 't', Description: 'd', PicUrl: 'https://a.b/p', Url: 'https://a.b' };
const news: Reply = {
	MsgType: 'news',
	ArticleCount: 2,
	Articles: { item: [item, { ...item, Title: 'u' }] },
};
const touser = 'oUser';

// "Customer service messages" (客服消息), table of message kinds.
test('texts go to the user whose push it was', async () => {
	const text: Reply = { MsgType: 'text', Content: 'hi' };
	for (const kind of ['officialAccount', 'miniProgram'] as const)
		expect(await sent(text, kind)).toEqual({
			path: '/cgi-bin/message/custom/send',
			body: { touser, msgtype: 'text', text: { content: 'hi' } },
			ifLost: expect.stringContaining('Before you send it again') as string,
		});
});

test.each<[string, Reply]>([
	['image', { MsgType: 'image', Image: { MediaId: 'm' } }],
	['voice', { MsgType: 'voice', Voice: { MediaId: 'm' } }],
])('%s', async (msgtype, reply) => {
	expect(await body(reply)).toEqual({
		touser,
		msgtype,
		[msgtype]: { media_id: 'm' },
	});
});

test('a video has its preview picture, which a passive reply has not', async () => {
	const video: Reply = { MsgType: 'video', Video: { MediaId: 'm', Title: 't', Description: 'd' } };
	expect(await body(video, 'officialAccount', 'p')).toEqual({
		touser,
		msgtype: 'video',
		video: { media_id: 'm', thumb_media_id: 'p', title: 't', description: 'd' },
	});
	await expect(body(video)).rejects.toThrow('A video needs a preview picture');
});

// musicurl and hqmusicurl are both needed.
test.each([
	[{ MusicUrl: 'u' }, { musicurl: 'u', hqmusicurl: 'u' }],
	[{ HQMusicUrl: 'h' }, { musicurl: 'h', hqmusicurl: 'h' }],
	[
		{ MusicUrl: 'u', HQMusicUrl: 'h' },
		{ musicurl: 'u', hqmusicurl: 'h' },
	],
])('music with %j', async (given, urls) => {
	const Music = { Title: 't', Description: 'd', ...given, ThumbMediaId: 'p' };
	expect(await body({ MsgType: 'music', Music })).toEqual({
		touser,
		msgtype: 'music',
		music: { title: 't', description: 'd', ...urls, thumb_media_id: 'p' },
	});
});

test('music without an address cannot be sent', () =>
	expect(body({ MsgType: 'music', Music: { ThumbMediaId: 'p' } })).rejects.toThrow(
		'Music needs an address',
	));

test('of news the first article goes: WeChat takes one', async () => {
	const article = { title: 't', description: 'd', url: 'https://a.b', picurl: 'https://a.b/p' };
	expect(await body(news)).toEqual({ touser, msgtype: 'news', news: { articles: [article] } });
	const bare = { Title: 't', Description: '', PicUrl: '', Url: '' };
	expect(await body({ ...news, Articles: { item: [bare] } })).toEqual({
		touser,
		msgtype: 'news',
		news: { articles: [{ title: 't' }] },
	});
});

describe('mini programs', () => {
	test('send news as a link, and pictures', async () => {
		const link = { title: 't', description: 'd', url: 'https://a.b', thumb_url: 'https://a.b/p' };
		expect(await body(news, 'miniProgram')).toEqual({ touser, msgtype: 'link', link });
		expect(await body({ MsgType: 'image', Image: { MediaId: 'm' } }, 'miniProgram')).toEqual({
			touser,
			msgtype: 'image',
			image: { media_id: 'm' },
		});
	});

	test.each<Reply>([
		{ MsgType: 'voice', Voice: { MediaId: 'm' } },
		{ MsgType: 'video', Video: { MediaId: 'm' } },
		{ MsgType: 'music', Music: { MusicUrl: 'u', ThumbMediaId: 'm' } },
	])('cannot send $MsgType', async (reply) => {
		await expect(body(reply, 'miniProgram', 'p')).rejects.toThrow(
			`Mini programs cannot send ${reply.MsgType}`,
		);
	});
});

test('nobody is handed over to customer service late', () =>
	expect(body({ MsgType: 'transfer_customer_service' })).rejects.toThrow('too late to hand'));

test.each(Object.values(TYPING_PATH))('%s is a call of WeChat', (path) =>
	expect(endpoints.map((endpoint) => endpoint.path)).toContain(path),
);

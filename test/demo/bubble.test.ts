import { messageBubble, replyBubble } from './bubble';

const mediaUrl = (id: string) => `http://media.example/${id}`;
const common = { ToUserName: 'o1', FromUserName: 'gh_1', CreateTime: '1760000000' };

/** Source of the elements: "Passive reply" (被动回复用户消息). */
test.each([
	[
		{ MsgType: 'text', Content: 'hi' },
		{ kind: 'text', parts: [{ text: 'hi' }] },
	],
	[
		{ MsgType: 'image', Image: { MediaId: 'm1' } },
		{ kind: 'image', src: 'http://media.example/m1' },
	],
	[
		{ MsgType: 'voice', Voice: { MediaId: 'm1' } },
		{ kind: 'card', of: 'voice', title: '', description: '', url: 'http://media.example/m1' },
	],
	[
		{ MsgType: 'video', Video: { MediaId: 'm1', Title: 'T', Description: 'D' } },
		{ kind: 'card', of: 'video', title: 'T', description: 'D', url: 'http://media.example/m1' },
	],
	[
		{ MsgType: 'music', Music: { ThumbMediaId: 'm1', Title: 'T', MusicUrl: 'javascript:x' } },
		{ kind: 'card', of: 'music', title: 'T', description: '', url: undefined },
	],
	[
		{ MsgType: 'music', Music: { ThumbMediaId: 'm1', MusicUrl: 'https://example.com/a.mp3' } },
		{ kind: 'card', of: 'music', title: '', description: '', url: 'https://example.com/a.mp3' },
	],
	[{ MsgType: 'transfer_customer_service' }, undefined],
])('a reply %j', (reply, bubble) => {
	expect(replyBubble({ ...common, ...reply }, mediaUrl)).toEqual(bubble);
});

test('a reply with news is one card or several', () => {
	const item = {
		Title: 'T',
		Description: 'D',
		PicUrl: 'https://example.com/p.jpg',
		Url: 'https://example.com/',
	};
	const shown = {
		title: 'T',
		description: 'D',
		picture: 'https://example.com/p.jpg',
		url: 'https://example.com/',
	};
	const of = (one: unknown) =>
		replyBubble(
			{ ...common, MsgType: 'news', ArticleCount: '1', Articles: { item: one } },
			mediaUrl,
		);
	expect(of(item)).toEqual({ kind: 'news', articles: [shown] });
	expect(of([item, { ...item, PicUrl: '', Url: 'javascript:alert(1)' }])).toEqual({
		kind: 'news',
		articles: [shown, { ...shown, picture: undefined, url: undefined }],
	});
});

/** Source of the fields: "Customer service message" (客服消息). */
test.each([
	[
		{ msgtype: 'text', text: { content: '<a href="https://example.com/">x</a>' } },
		{ kind: 'text', parts: [{ text: 'x', href: 'https://example.com/' }] },
	],
	[
		{ msgtype: 'image', image: { media_id: 'm1' } },
		{ kind: 'image', src: 'http://media.example/m1' },
	],
	[
		{ msgtype: 'voice', voice: { media_id: 'm1' } },
		{ kind: 'card', of: 'voice', title: '', description: '', url: 'http://media.example/m1' },
	],
	[
		{ msgtype: 'music', music: { title: 'T', musicurl: 'https://example.com/a.mp3' } },
		{ kind: 'card', of: 'music', title: 'T', description: '', url: 'https://example.com/a.mp3' },
	],
	[
		{ msgtype: 'miniprogrampage', miniprogrampage: { title: 'T', appid: 'wx1' } },
		{ kind: 'card', of: 'miniprogrampage', title: 'T', description: '', url: undefined },
	],
	[
		{
			msgtype: 'news',
			news: {
				articles: [
					{
						title: 'T',
						description: 'D',
						url: 'https://example.com/',
						picurl: 'https://example.com/p.jpg',
					},
				],
			},
		},
		{
			kind: 'news',
			articles: [
				{
					title: 'T',
					description: 'D',
					url: 'https://example.com/',
					picture: 'https://example.com/p.jpg',
				},
			],
		},
	],
	[
		{
			msgtype: 'msgmenu',
			msgmenu: { head_content: 'Well?', list: [{ id: '101', content: 'Yes' }], tail_content: '' },
		},
		{
			kind: 'choice',
			head: [{ text: 'Well?' }],
			items: [{ id: '101', content: 'Yes' }],
			tail: [],
		},
	],
])('a message %j', (message, bubble) => {
	expect(messageBubble({ touser: 'o1', ...message }, mediaUrl)).toEqual(bubble);
});

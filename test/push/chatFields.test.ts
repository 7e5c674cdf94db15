import { toChatFields } from '../../nodes/push/chatFields';

/*
 * n8n's AI Agent reads `{{ $json.chatInput }}` and its memories `{{ $json.sessionId }}` of the item, where "Connected
 * Chat Trigger Node" is chosen (@n8n/nodes-langchain, promptTypeOptions and sessionIdOption, 2.8.4 and 2.41.1).
 */
const from = { ToUserName: 'gh_1', FromUserName: 'oUser' };

test.each<[Record<string, string>, string | undefined]>([
	[{ MsgType: 'text', Content: ' 你好\n007 ' }, ' 你好\n007 '],
	// A tap on an answer of a menu message (msgmenu) comes as a text.
	[{ MsgType: 'text', Content: '满意', bizmsgmenuid: '101' }, '满意'],
	[{ MsgType: 'image', PicUrl: 'http://mmbiz.qpic.cn/a', MediaId: 'm' }, '[图片 picture]'],
	[{ MsgType: 'voice', MediaId: 'm', Format: 'amr' }, '[语音 voice message]'],
	// What WeChat ended in 2023 may come from servers in its place.
	[{ MsgType: 'voice', MediaId: 'm', Recognition: '退货' }, '退货'],
	[{ MsgType: 'voice', MediaId: 'm', Recognition: '' }, '[语音 voice message]'],
	[{ MsgType: 'video', MediaId: 'm' }, '[视频 video]'],
	[{ MsgType: 'shortvideo', MediaId: 'm' }, '[小视频 short video]'],
	[
		{
			MsgType: 'location',
			Location_X: '23.13',
			Location_Y: '113.35',
			Scale: '20',
			Label: '天河路 1',
		},
		'[位置 location: 天河路 1, 23.13, 113.35]',
	],
	[
		{ MsgType: 'link', Title: 'Shoes', Description: '', Url: 'https://example.com/1' },
		'[链接 link: Shoes, https://example.com/1]',
	],
	[{ MsgType: 'file', Title: '发票.pdf' }, '[文件 file: 发票.pdf]'],
	[
		{ MsgType: 'miniprogrampage', Title: 'Order', PagePath: 'pages/order?id=1' },
		'[小程序卡片 mini program card: Order, pages/order?id=1]',
	],
	[{ MsgType: 'sticker' }, '[sticker]'],
	[{ MsgType: 'text', Content: '' }, undefined],
	[{ MsgType: 'event', Event: 'CLICK', EventKey: 'menu_help' }, undefined],
	[{ MsgType: 'event', Event: 'subscribe' }, undefined],
])('%j says %s', (message, chatInput) => {
	const fields = toChatFields({ ...from, ...message }, 'wx1');
	expect(fields).toEqual({ ...(chatInput && { chatInput }), sessionId: 'wx1:oUser' });
});

test('a session is one person of one account, also where the account has no AppID', () => {
	expect(toChatFields({ ...from, MsgType: 'event' }, '')).toEqual({ sessionId: 'gh_1:oUser' });
	expect(toChatFields({ InfoType: 'authorized', AppId: 'wx1' }, '')).toEqual({});
});

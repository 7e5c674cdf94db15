import { parseBotAnswer } from '../../nodes/bot/answerFields';
import { readBotMessage, toBotItem } from '../../nodes/bot/messages';

/** Sources: docs/protocol.md of Tencent/openclaw-weixin and its types of 2.4.9; the keys are those of WeChat Trigger. */
const read = (item: string, more = '') => {
	const json = `{"message_id":12345678901234567890,"from_user_id":"anna@im.wechat","to_user_id":"b1@im.bot",
		"create_time_ms":1764406800123,"message_type":1,"context_token":"secret","item_list":[${item}]${more}}`;
	return readBotMessage(parseBotAnswer(Buffer.from(json)) ?? {});
};
const itemOf = (item: string, more = '') => toBotItem(read(item, more)!, 'b1@im.bot');

test('a text is an item as of WeChat Trigger', () => {
	expect(itemOf('{"type":1,"text_item":{"text":"你好"}}')).toEqual({
		ToUserName: 'b1@im.bot',
		FromUserName: 'anna@im.wechat',
		CreateTime: '1764406800',
		MsgType: 'text',
		Content: '你好',
		MsgId: '12345678901234567890',
		text: '你好',
		chatInput: '你好',
		sessionId: 'b1@im.bot:anna@im.wechat',
		botId: 'b1@im.bot',
		kind: 'message.text',
		dedupeKey: 'b1@im.bot:anna@im.wechat:12345678901234567890',
	});
});

test('no item holds the context', () =>
	expect(JSON.stringify(itemOf('{"type":1,"text_item":{"text":"x"}}'))).not.toContain('secret'));

const MEDIA = '"media":{"encrypt_query_param":"p","aes_key":"a","full_url":"u"}';
const FILE = { url: 'u', param: 'p', key: 'a', fileName: '' };

test.each([
	[
		'image',
		`{"type":2,"image_item":{${MEDIA},"aeskey":"00ff"}}`,
		{ key: '00ff' },
		'[图片 picture]',
	],
	['image', `{"type":2,"image_item":{${MEDIA}}}`, {}, '[图片 picture]'],
	[
		'voice',
		`{"type":3,"voice_item":{${MEDIA},"encode_type":6,"playtime":2500,"text":"Hallo"}}`,
		{ encodeType: 6, playtimeMs: 2500 },
		'Hallo',
	],
	['voice', `{"type":3,"voice_item":{${MEDIA}}}`, {}, '[语音 voice message]'],
	[
		'file',
		`{"type":4,"file_item":{${MEDIA},"file_name":"a.pdf","md5":"M","len":"7"}}`,
		{ fileName: 'a.pdf', md5: 'M', size: 7 },
		'[文件 file: a.pdf]',
	],
	['video', `{"type":5,"video_item":{${MEDIA},"video_md5":"V"}}`, { md5: 'V' }, '[视频 video]'],
])('%s %s', (kind, item, more, chatInput) => {
	expect(read(item)?.media).toEqual([{ kind, ...FILE, ...more }]);
	expect(itemOf(item)).toMatchObject({ kind: `message.${kind}`, MsgType: kind, chatInput });
});

test('words beside a picture are the prompt', () =>
	expect(
		itemOf(`{"type":1,"text_item":{"text":"What is it?"}},{"type":2,"image_item":{${MEDIA}}}`),
	).toMatchObject({ kind: 'message.image', chatInput: 'What is it?', text: 'What is it?' }));

test('a kind that is not known is an item, too', () => {
	const item = itemOf('{"type":11,"tool_call_start_item":{}}');
	expect(item).toMatchObject({ kind: 'message.other', MsgType: 'other' });
});

test('a quote has the text that came with it, or the one that is remembered', () => {
	const inline = '"ref_msg":{"message_item":{"msg_id":77,"text_item":{"text":"before"}}}';
	expect(itemOf(`{"type":1,"text_item":{"text":"x"},${inline}}`)).toMatchObject({
		quote: { messageId: '77', text: 'before' },
	});
	// Newer phones send only the id.
	const message = read(
		'{"type":1,"text_item":{"text":"x"},"ref_msg":{"svr_id":98765432109876543210}}',
	)!;
	expect(message.quote).toEqual({ messageId: '98765432109876543210' });
	expect(toBotItem(message, 'b', 'remembered').quote).toEqual({
		messageId: '98765432109876543210',
		text: 'remembered',
	});
});

test('a group is named', () =>
	expect(itemOf('{"type":1,"text_item":{"text":"x"}}', ',"group_id":"g@chatroom"')).toMatchObject({
		groupId: 'g@chatroom',
	}));

test.each([
	['of the bot itself', ',"message_type":2'],
	['withdrawn', ',"delete_time_ms":1764406800999'],
	['of nobody', ',"from_user_id":""'],
])('what is %s is no message', (_, more) => expect(read('{"type":1}', more)).toBeUndefined());

test.each(['', 'null', '[]', '{"a":', '<html>'])('"%s" is no answer', (text) =>
	expect(parseBotAnswer(Buffer.from(text))).toBeUndefined(),
);

test('an empty message does no harm', () =>
	expect(readBotMessage({ from_user_id: 'a', item_list: [null, { type: '2' }] })).toMatchObject({
		id: '',
		media: [],
		message: { MsgType: 'image' },
	}));

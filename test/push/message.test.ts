import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toDedupeKey, readMessage, type Message } from '../../nodes/push/message';

const folder = join(__dirname, '..', 'fixtures', 'pushes');
const sample = (name: string) => readMessage(readFileSync(join(folder, name), 'utf8'));
const names = readdirSync(folder);

/** Every value that is not a list or an object must be text. */
function leaves(value: unknown): unknown[] {
	return typeof value === 'object' && value !== null
		? Object.values(value).flatMap(leaves)
		: [value];
}

test.each(names)('%s: every value is text, and the same text as in the sample', (name) => {
	const message = sample(name);
	const raw = readFileSync(join(folder, name), 'utf8');
	expect(Object.keys(message).length).toBeGreaterThan(2);
	for (const leaf of leaves(message)) {
		expect(typeof leaf).toBe('string');
		if (name.endsWith('.xml')) expect(raw).toContain(String(leaf));
	}
});

test.each(names)('%s: has a dedupe key of its own', (name) => {
	const others = names.filter((other) => other !== name).map((other) => toDedupeKey(sample(other)));
	// One sample is a second form of the same event.
	const twins = others.filter((key) => key === toDedupeKey(sample(name)));
	expect(twins).toEqual([]);
});

test('64-bit ids keep their digits', () => {
	expect(sample('msg_text.xml').MsgId).toBe('24990011223344557');
	expect(sample('json_msg_text.json').MsgId).toBe('24990099887766550');
});

test('what repeats is a list, even alone, in XML and in JSON', () => {
	const popup = sample('event_subscribe_msg_popup_event.xml').SubscribeMsgPopupEvent as Message;
	expect(popup.List).toHaveLength(2);
	expect(sample('json_event_subscribe_msg_popup_object.json').List).toHaveLength(1);
	expect(sample('json_event_subscribe_msg_popup_list.json').List).toHaveLength(1);
	const pictures = sample('event_pic_sysphoto.xml').SendPicsInfo as Message;
	expect(pictures.PicList).toEqual({ item: [{ PicMd5Sum: '0cc175b9c0f1b6a831c399e269772661' }] });
	const { list } = readMessage('<xml><list><result>1</result></list></xml>');
	expect(list).toEqual([{ result: '1' }]);
	const { fail_idx } = readMessage('<xml><fail_idx>1</fail_idx></xml>');
	expect(fail_idx).toEqual(['1']);
});

// silenceper/wechat (miniprogram/message) reads it so, and JSON pushes have lists.
test('a part that repeats is a list, even alone; a text of its name is none', () => {
	const detail = (strategy: string) => `<detail><strategy>${strategy}</strategy></detail>`;
	const one = [{ strategy: 'content_model' }];
	expect(readMessage(`<xml>${detail('content_model')}</xml>`).detail).toEqual(one);
	expect(readMessage(`<xml>${detail('a')}${detail('b')}</xml>`).detail).toHaveLength(2);
	expect(readMessage('{"detail":{"strategy":"content_model"}}').detail).toEqual(one);
	expect(sample('mini_event_wxa_media_check.xml').detail).toHaveLength(1);
	expect(sample('json_event_wxa_media_check.json').detail).toHaveLength(1);
	// In this push it is JSON as a text.
	expect(sample('mini_event_wxa_punish_event.xml').detail).toMatch(/^{/);
	expect(readMessage('<xml><detail></detail></xml>').detail).toBe('');
});

// WeChat's pages: logistics.onPathUpdate has three Actions, ShakearoundUserShake two of AroundBeacon.
test('other parts that repeat', () => {
	expect(readMessage('<xml><Actions><ActionType>1</ActionType></Actions></xml>').Actions).toEqual([
		{ ActionType: '1' },
	]);
	const beacons = '<AroundBeacons><AroundBeacon><Major>1</Major></AroundBeacon></AroundBeacons>';
	expect(readMessage(`<xml>${beacons}</xml>`).AroundBeacons).toEqual({
		AroundBeacon: [{ Major: '1' }],
	});
	const { material } = sample('mini_event_wxa_appeal_record.xml');
	expect(material).toMatchObject([{ appeal_material: { proof_material_id: ['mid_1'] } }]);
});

test('white space around CDATA does not count, in it it does', () => {
	const message = readMessage(
		'<xml><Event> <![CDATA[CLICK]]> </Event><A><![CDATA[ a ]]></A></xml>',
	);
	expect(message).toEqual({ Event: 'CLICK', A: ' a ' });
});

test('a declaration, an instruction and attributes are passed over', () => {
	const xml = '<?xml version="1.0"?><?x y?><xml a="1"><A b="2">c</A></xml>';
	expect(readMessage(xml)).toEqual({ A: 'c' });
});

test('JSON may begin with blanks, and its null is an empty text', () => {
	expect(readMessage('\n {"A":null,"B":{"C":true}}')).toEqual({ A: '', B: { C: 'true' } });
});

// complaint_callback and head_supplier_item_update of the SDKs: lists of texts inside of parts.
test('texts that repeat are a list, even alone', () => {
	expect(readMessage('<xml><a><media_id_list>m</media_id_list></a></xml>').a).toEqual({
		media_id_list: ['m'],
	});
	expect(readMessage('{"item_info":{"update_fields":"status"}}').item_info).toEqual({
		update_fields: ['status'],
	});
});

describe('dedupe key', () => {
	// All events of a shop come from one sender, without MsgId: only the order inside tells two in one second apart.
	test.each([
		['event_channels_ec_order_pay.xml', 'order_id'],
		['json_event_channels_ec_order_pay.json', 'order_id'],
		['json_event_channels_ec_aftersale_update.json', 'after_sale_order_id'],
		['json_event_xpay_goods_deliver_notify.json', 'OutTradeNo'],
		['event_trade_manage_order_settlement.xml', 'transaction_id'],
	])('tells two of %s apart by the last digit of %s', (name, field) => {
		const text = readFileSync(join(folder, name), 'utf8');
		const [id] = new RegExp(`(?<=[<"]${field}[">]\\W*(CDATA\\W)?)\\d{19}`).exec(text) ?? [];
		const other = text.replace(String(id), String(BigInt(String(id)) + 1n));
		expect(toDedupeKey(readMessage(other))).not.toBe(toDedupeKey(readMessage(text)));
	});

	const event = {
		FromUserName: 'o1',
		CreateTime: '1',
		MsgType: 'event',
		Event: 'CLICK',
		EventKey: 'a',
	};

	const message = {
		ToUserName: 'gh_1',
		FromUserName: 'o1',
		CreateTime: '1',
		MsgType: 'text',
		MsgId: '249',
	};

	test('says for whom, from whom and which message it is', () => {
		expect(toDedupeKey(message)).toBe('gh_1:o1:249');
	});

	// WeChat has sent one MsgId for messages of several users, see toDedupeKey.
	test.each([
		['account', { ToUserName: 'gh_2' }],
		['user', { FromUserName: 'o2' }],
		['MsgId', { MsgId: '250' }],
	])('tells messages of another %s apart', (_, change) => {
		expect(toDedupeKey({ ...message, ...change })).not.toBe(toDedupeKey(message));
	});

	// WeChat's page names MsgId alone, so nothing else of a message may have to be the same.
	test('is the same for a message that is delivered again, whatever else came with it', () => {
		const again = { ...message, CreateTime: '6', Encrypt: 'other random bytes' };
		expect(toDedupeKey(again)).toBe(toDedupeKey(message));
	});

	test.each([
		['a push without a receiver', { ToUserName: undefined }],
		['a push about a platform', { FromUserName: undefined, ToUserName: undefined }],
		['a push without a time', { CreateTime: undefined }],
	])('of %s does not say "undefined"', (_, missing) => {
		const given = Object.entries({ ...message, ...missing }).filter(([, value]) => value);
		expect(toDedupeKey(Object.fromEntries(given) as Message)).not.toContain('undefined');
	});

	test('an empty MsgId names nothing', () => {
		const texts = ['a', 'b'].map((Content) => ({ ...message, MsgId: '', Content }));
		expect(new Set(texts.map(toDedupeKey)).size).toBe(2);
	});

	test('an event is known by all that it says, also when it has a MsgId', () => {
		const [one, other] = ['a', 'b'].map((EventKey) => ({ ...event, MsgId: '1', EventKey }));
		expect(toDedupeKey(one)).not.toBe(toDedupeKey(other));
	});

	test('tells events of one user and second apart by what they say', () => {
		const keys = [
			event,
			{ ...event, EventKey: 'b' },
			{ ...event, CreateTime: '2' },
			{ ...event, FromUserName: 'o2' },
			{ ...event, ToUserName: 'gh_2' },
		];
		expect(new Set(keys.map(toDedupeKey)).size).toBe(5);
		expect(toDedupeKey({ ...event })).toBe(toDedupeKey(event));
	});
});

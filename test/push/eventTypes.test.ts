import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
	AUTHORIZATIONS,
	EVENTS,
	isKnownEventType,
	type EventType,
	toEventType,
	MESSAGES,
	OTHER,
	PUSHES,
} from '../../nodes/push/eventTypes';

const folder = join(__dirname, '..', 'fixtures', 'pushes');
const files = readdirSync(folder);
const all = [...MESSAGES, ...EVENTS, ...AUTHORIZATIONS, OTHER];

/** The three fields that name a push, without the pack's own parser. */
function namesOf(file: string): Record<string, string> {
	const text = readFileSync(join(folder, file), 'utf8');
	const found: Record<string, string> = {};
	for (const key of ['MsgType', 'Event', 'InfoType']) {
		const xml = new RegExp(`<${key}>\\s*(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?\\s*</${key}>`, 's');
		const json = new RegExp(`"${key}"\\s*:\\s*"(.*?)"`);
		const value = (file.endsWith('.json') ? json : xml).exec(text)?.[1];
		if (value !== undefined) found[key] = value;
	}
	return found;
}

/** Types of which no documented sample is known, and what stands for all others. */
const WITHOUT_SAMPLE = [
	'event.api_diff',
	'event.betaapp_verify_apply_event',
	'event.cloud_invoice_invoiceresult_event',
	'event.giftcard_pay_done',
	'event.giftcard_send_to_friend',
	'event.giftcard_user_accept',
	'event.guide_qrcode_scan_event',
	'event.shakearoundusershake',
	'event.submit_invoice_title',
	'other',
];

/** Samples whose file name says more, or less, than the kind. */
const ODD: Record<string, string> = {
	'component_notify_third_fasteregister_fail.xml': 'authorization.notify_third_fasteregister',
	'component_notify_third_fasteregister_personal.xml': 'authorization.notify_third_fasteregister',
	'component_verify_ticket.xml': 'authorization.component_verify_ticket',
	'event_PUBLISHJOBFINISH_fail.xml': 'event.publishjobfinish',
	'event_TEMPLATESENDJOBFINISH_block.xml': 'event.templatesendjobfinish',
	'event_TEMPLATESENDJOBFINISH_system.xml': 'event.templatesendjobfinish',
	// Both spellings are documented.
	'event_user_info_modified_lower_case.xml': 'event.user_info_modified',
	'event_subscribe_qrscene.xml': 'event.subscribe',
	'json_event_subscribe_msg_popup_list.json': 'event.subscribe_msg_popup_event',
	'json_event_subscribe_msg_popup_object.json': 'event.subscribe_msg_popup_event',
	'msg_text_bizmsgmenu.xml': 'message.text',
	'msg_text_from_article.xml': 'message.text',
	'msg_text_release_test.xml': 'message.text',
	'msg_text_release_test_query_auth.xml': 'message.text',
	'msg_voice_recognition.xml': 'message.voice',
};

/** What the file name says that the sample is, such as mini_event_x.xml: event.x. */
function expected(file: string): string {
	const parts = /^(?:mini_|json_)?(event|msg|component)_(.+)\.(?:xml|json)$/.exec(file);
	if (!parts?.[1] || !parts[2]) throw new Error(`${file} does not say what it is`);
	const group = { component: 'authorization', event: 'event', msg: 'message' }[parts[1]];
	return ODD[file] ?? `${group}.${parts[2].toLowerCase()}`;
}

describe('samples', () => {
	it('are there for every type but those of which none is known', () => {
		const sampled = new Set(files.map((file) => toEventType(namesOf(file))));
		const values = all.map(({ value }) => value);
		expect(values.filter((value) => !sampled.has(value)).sort()).toEqual(WITHOUT_SAMPLE);
	});

	it.each(files)('%s', (file) => {
		const kind = toEventType(namesOf(file));
		expect(kind).toBe(expected(file));
		expect(isKnownEventType(kind)).toBe(true);
	});
});

describe('lists', () => {
	it.each<[string, EventType[], RegExp]>([
		['messages', MESSAGES, /^message\.[a-z]+$/],
		['events', EVENTS, /^event\.[a-z_]+$/],
		['authorizations', AUTHORIZATIONS, /^authorization\.[a-z0-9_]+$/],
	])('%s have values of their own', (_, list, value) => {
		for (const kind of list) expect(kind.value).toMatch(value);
	});

	it('have the order of use: what most accounts answer first, what WeChat has ended last', () => {
		const values = PUSHES.map(({ value }) => value);
		const GROUPS = [
			['message.text', 'message.image', 'message.voice'],
			['event.subscribe', 'event.unsubscribe', 'event.click', 'event.view'],
			['event.scan'],
			['event.kf_create_session'],
			['event.templatesendjobfinish', 'event.publishjobfinish'],
			['event.channels_ec_order_new'],
			['event.weapp_audit_success'],
			['authorization.authorized'],
			['event.user_get_card'],
			['event.giftcard_pay_done', 'event.wificonnected', 'event.shakearoundusershake'],
			['event.open_product_order_pay'],
			['event.add_waybill'],
		].flat();
		expect(values.slice(0, 3)).toEqual(GROUPS.slice(0, 3));
		expect(values.filter((value) => GROUPS.includes(value))).toEqual(GROUPS);
		const lastMessage = values.findLastIndex((value) => value.startsWith('message.'));
		expect(values.slice(0, lastMessage + 1)).toEqual(MESSAGES.map(({ value }) => value));
		expect(values[lastMessage + 1]).toBe('event.subscribe');
	});

	it('have unique names and values', () => {
		expect(new Set(all.map(({ name }) => name.toLowerCase())).size).toBe(all.length);
		expect(new Set(all.map(({ value }) => value)).size).toBe(all.length);
	});

	it.each(all.map((kind): [string, EventType] => [kind.value, kind]))(
		'%s has a usable label',
		(value, { name, description }) => {
			expect(value).toBe(value.toLowerCase());
			expect(name).toMatch(/^[A-Z][^.]*$/);
			expect(description).toMatch(/^When .+[^.\s]$/);
			expect(description).not.toContain('. ');
		},
	);

	// Documented or seen with others, but without a sample.
	it.each([
		'event.api_diff',
		'event.betaapp_verify_apply_event',
		'event.cloud_invoice_invoiceresult_event',
		'event.giftcard_pay_done',
		'event.giftcard_send_to_friend',
		'event.giftcard_user_accept',
		'event.guide_qrcode_scan_event',
		'event.shakearoundusershake',
		'event.submit_invoice_title',
	])('know %s', (kind) => {
		expect(isKnownEventType(kind)).toBe(true);
	});
});

describe('toEventType', () => {
	it('takes InfoType before Event before MsgType', () => {
		const message = { InfoType: 'authorized', Event: 'CLICK', MsgType: 'event' };
		expect(toEventType(message)).toBe('authorization.authorized');
		expect(toEventType({ ...message, InfoType: '' })).toBe('event.click');
		expect(toEventType({ MsgType: 'text' })).toBe('message.text');
	});

	it('does not mind case or white space', () => {
		expect(toEventType({ MsgType: ' event ', Event: '\n  ShakearoundUserShake ' })).toBe(
			'event.shakearoundusershake',
		);
		expect(toEventType({ MsgType: 'Text' })).toBe('message.text');
		expect(toEventType({ InfoType: ' Component_Verify_Ticket' })).toBe(
			'authorization.component_verify_ticket',
		);
	});

	it('gives one thing under two names one kind', () => {
		expect(toEventType({ MsgType: 'event', Event: 'FREEPUBLISHJOBFINISH' })).toBe(
			'event.publishjobfinish',
		);
		for (const key of ['InfoType', 'Event']) {
			expect(toEventType({ [key]: 'wxa_nickname_audit' })).toBe('event.wxa_nickname_audit');
		}
	});

	it('gives what it does not know a kind of its own', () => {
		expect(toEventType({ MsgType: 'event', Event: 'Something_New' })).toBe('event.something_new');
		expect(toEventType({ MsgType: 'hologram' })).toBe('message.hologram');
		expect(toEventType({ InfoType: 'notify_new' })).toBe('authorization.notify_new');
		for (const kind of ['event.something_new', 'message.hologram', 'authorization.notify_new']) {
			expect(isKnownEventType(kind)).toBe(false);
		}
	});

	it('calls a push without a name other', () => {
		for (const message of [
			{},
			{ MsgType: ' ' },
			{ MsgType: 'event' },
			{ MsgType: 'event', Event: ' ' },
			{ MsgType: 7, Event: ['a', 'b'], InfoType: null },
		]) {
			expect(toEventType(message)).toBe('other');
		}
		expect(OTHER.value).toBe('other');
		expect(isKnownEventType('other')).toBe(false);
	});
});

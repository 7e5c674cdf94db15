import { ApiError } from '../../nodes/api/apiError';
import {
	countMessage,
	describeRefusal,
	describeWindows,
	findOpener,
	openWindow,
	type MessageWindow,
} from '../../nodes/api/messageWindow';

/*
 * Sources: "Customer service messages" (客服消息介绍: 5 within 48 hours of a message, 3 within a minute of a menu tap, of
 * following and of a scan) and the same page of mini programs (2 within a minute of entering the chat).
 */
const NOW = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

test.each([
	['message.text', 5, '2026-11-30T12:00:00.000Z'],
	['message.voice', 5, '2026-11-30T12:00:00.000Z'],
	['event.click', 3, '2026-11-28T12:01:00.000Z'],
	['event.scancode_push', 3, '2026-11-28T12:01:00.000Z'],
	['event.scancode_waitmsg', 3, '2026-11-28T12:01:00.000Z'],
	['event.subscribe', 3, '2026-11-28T12:01:00.000Z'],
	['event.scan', 3, '2026-11-28T12:01:00.000Z'],
	['event.user_enter_tempsession', 2, '2026-11-28T12:01:00.000Z'],
])('%s lets %i messages be sent until %s', (eventType, messagesLeft, canSendUntil) => {
	const opener = findOpener(eventType);
	expect(opener && describeWindows(openWindow([], opener, NOW), NOW)).toEqual({
		messagesLeft,
		canSendUntil,
	});
});

// Of menus only these three do: the others open a page, a mini program or a picker.
test.each(['event.view', 'event.view_miniprogram', 'event.pic_sysphoto', 'event.location_select'])(
	'%s lets none be sent',
	(eventType) => expect(findOpener(eventType)).toBeUndefined(),
);
test.each(['event.unsubscribe', 'event.kf_create_session', 'event.location', 'other'])(
	'%s lets none be sent either',
	(eventType) => expect(findOpener(eventType)).toBeUndefined(),
);

const send = (windows: MessageWindow[], count: number, now = NOW) =>
	Array.from({ length: count }).reduce<MessageWindow[]>((all) => countMessage(all, now), windows);
const left = (windows: MessageWindow[], now = NOW) => describeWindows(windows, now)?.messagesLeft;

test('each message counts down, and the next message of the user begins anew', () => {
	const wrote = openWindow([], 'message', NOW);
	expect([0, 1, 4, 5, 6].map((count) => left(send(wrote, count)))).toEqual([5, 4, 1, 0, 0]);
	expect(left(openWindow(send(wrote, 5), 'message', NOW + HOUR), NOW + HOUR)).toBe(5);
});

test('a window ends with its time', () => {
	const wrote = openWindow([], 'message', NOW);
	expect(left(wrote, NOW + 48 * HOUR - 1)).toBe(5);
	expect(describeWindows(wrote, NOW + 48 * HOUR)).toBeUndefined();
	expect(describeWindows(openWindow([], 'menu', NOW), NOW + MINUTE)).toBeUndefined();
});

// "可发送客服消息条数不累加": the page of mini programs; of official accounts it is not known.
test('a tap does not add up with a message: the greater number counts, and the longer time', () => {
	const wrote = send(openWindow([], 'message', NOW), 4);
	const tapped = openWindow(wrote, 'menu', NOW + HOUR);
	expect(describeWindows(tapped, NOW + HOUR)).toEqual({
		canSendUntil: '2026-11-30T12:00:00.000Z',
		messagesLeft: 3,
	});
	const sent = send(tapped, 1, NOW + HOUR);
	expect(left(sent, NOW + HOUR)).toBe(2);
	expect(left(sent, NOW + HOUR + MINUTE)).toBe(0);
	expect(left(openWindow(sent, 'scan', NOW + HOUR), NOW + HOUR)).toBe(3);
	const fresh = openWindow(openWindow([], 'message', NOW), 'menu', NOW);
	expect(describeWindows(fresh, NOW)).toEqual({
		canSendUntil: '2026-11-30T12:00:00.000Z',
		messagesLeft: 5,
	});
});

describe('what an error says', () => {
	const refuse = (errcode: number) =>
		new ApiError({ errcode, errmsg: 'no rid: 66f0-1-2', path: '/cgi-bin/message/custom/send' });
	const hint = (errcode: number, windows: MessageWindow[] | undefined, now = NOW) =>
		(describeRefusal(refuse(errcode), windows, now) as ApiError).hint;
	const INSTEAD = /Wait until the user writes again, or send a template or subscription message/;

	test('of a window that is over: when the user wrote last', () => {
		const text = hint(45015, openWindow([], 'message', NOW), NOW + 50 * HOUR);
		expect(text).toMatch(
			/^The user wrote at 2026-11-28T12:00:00Z; messages could be sent until 2026-11-30T12:00:00Z\./,
		);
		expect(text).toMatch(INSTEAD);
	});

	test('of a window that is open: that the user may follow no more', () => {
		expect(hint(45015, openWindow([], 'message', NOW), NOW + HOUR)).toMatch(
			/^The user wrote at 2026-11-28T12:00:00Z, .* they may have stopped following/,
		);
	});

	test('of too many messages: how many of them were sent from here', () => {
		const wrote = openWindow([], 'message', NOW);
		expect(hint(45047, send(wrote, 5))).toMatch(
			/^The user wrote at 2026-11-28T12:00:00Z; all 5 messages .* are sent\. Wait/,
		);
		expect(hint(45047, send(wrote, 2))).toMatch(/of the 5 messages .* 2 were sent from here/);
		expect(hint(45047, openWindow([], 'menu', NOW))).toMatch(/^The user tapped the menu at/);
	});

	test('keeps the number of the call, and what else is an error stays as it is', () => {
		const known = openWindow([], 'message', NOW);
		expect(describeRefusal(refuse(45047), known, NOW)).toMatchObject({
			errcode: 45047,
			rid: '66f0-1-2',
		});
		for (const other of [refuse(40003), new Error('x')])
			expect(describeRefusal(other, known, NOW)).toBe(other);
		const unknown = refuse(45015);
		expect(describeRefusal(unknown, undefined, NOW)).toBe(unknown);
	});
});

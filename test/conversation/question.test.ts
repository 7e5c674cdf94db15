import {
	checkResponse,
	pickQuestion,
	toMenu,
	toResume,
	writeQuestion,
	type Question,
	type QuestionStep,
} from '../../nodes/conversation/question';
import type { Message } from '../../nodes/push/message';

const approval: QuestionStep = {
	name: 'approved',
	text: 'Ship it?',
	expects: 'choice',
	choices: [
		{ id: 'yes', label: '同意' },
		{ id: 'no', label: 'Not Now' },
	],
};

const ask = (steps: QuestionStep[], more: Partial<Question> = {}): Question => ({
	id: '0123456789abcdef0123456789abcdef',
	account: 'wx0123456789abcdef',
	openid: 'oAlice',
	askedAt: 1_700_000_000_000,
	until: 1_700_086_400_000,
	resumeUrl: 'http://n8n.test/webhook-waiting/1/node?signature=x',
	steps,
	responses: [],
	...more,
});

const text = (Content: string, more: Message = {}): Message => ({
	MsgType: 'text',
	FromUserName: 'oAlice',
	CreateTime: '1700000100',
	Content,
	...more,
});

const step = (expects: QuestionStep['expects'], name: string = expects): QuestionStep => ({
	name,
	text: `Your ${name}?`,
	expects,
});

describe('a choice', () => {
	test.each([
		['its number', '1', 'yes'],
		['a full-width digit', '２', 'no'],
		['blanks, also a full-width one', ' 　2 ', 'no'],
		['a full stop', '2.', 'no'],
		['a Chinese full stop', '1。', 'yes'],
		['an exclamation mark', '同意！', 'yes'],
		['its label', '同意', 'yes'],
		['a label in other letter case', 'NOT now', 'no'],
		['a label in full-width letters', 'Ｎｏｔ Ｎｏｗ', 'no'],
		['the whole line', '2. Not Now', 'no'],
		['the line with a Chinese mark', '1、同意', 'yes'],
		['a number in brackets', '（1）', 'yes'],
		['a number in a circle', '②', 'no'],
	])('counts as %s', (_, said, id) => {
		const checked = checkResponse(ask([approval]), text(said));
		expect(checked.kind).toBe('done');
		expect(checked.question.responses).toEqual([
			{ name: 'approved', at: 1_700_000_100_000, value: id },
		]);
	});

	test.each(['3', '12', '0', 'yes', 'maybe', '', '1 Not Now'])('does not count as "%s"', (said) => {
		const checked = checkResponse(ask([approval]), text(said));
		expect(checked).toMatchObject({ kind: 'again', question: { responses: [] } });
		expect(checked.text).toContain('Ship it?\n1. 同意\n2. Not Now');
	});

	test('is no picture', () =>
		expect(
			checkResponse(ask([approval]), { MsgType: 'image', MediaId: 'm', Content: '1' }).kind,
		).toBe('again'));

	test('of numbers has no numbers beside them: "2" means one thing', () => {
		const labels = ['3', '2', '1'];
		const seats = {
			...approval,
			choices: labels.map((label) => ({ id: `${label} seats`, label })),
		};
		expect(writeQuestion(ask([seats]))).toBe('Ship it?\n· 3\n· 2\n· 1');
		expect(checkResponse(ask([seats]), text('3')).question.responses[0].value).toBe('3 seats');
		const many = { ...seats, choices: [{ id: 'five', label: '5' }] };
		expect(checkResponse(ask([many]), text('1')).kind).toBe('again');
	});

	test('may be called cancel', () => {
		const both = { ...approval, choices: [{ id: 'stop', label: '取消' }] };
		expect(checkResponse(ask([both]), text('取消')).kind).toBe('done');
	});
});

describe('a menu', () => {
	const [yes, no] = toMenu(ask([approval]))?.list ?? [];

	test('has a line for each choice', () => {
		expect(toMenu(ask([approval]))).toMatchObject({ head_content: 'Ship it?', tail_content: '' });
		expect([yes.content, no.content]).toEqual(['同意', 'Not Now']);
		expect(toMenu(ask([step('text')]))).toBeUndefined();
	});

	// "Receiving standard messages": the tap is a text message with bizmsgmenuid.
	test('is answered by a tap', () => {
		const checked = checkResponse(ask([approval]), text('Not Now', { bizmsgmenuid: no.id }));
		expect(checked.question.responses[0].value).toBe('no');
	});

	test('of another question, or of a step before, answers nothing', () => {
		const other = toMenu(ask([approval], { id: 'f'.repeat(32) }))?.list[0].id ?? '';
		expect(checkResponse(ask([approval]), text('同意', { bizmsgmenuid: other })).kind).toBe(
			'again',
		);
		const twice = checkResponse(ask([approval, approval]), text('同意', { bizmsgmenuid: yes.id }));
		expect(twice.kind).toBe('next');
		expect(checkResponse(twice.question, text('同意', { bizmsgmenuid: yes.id })).kind).toBe(
			'again',
		);
	});

	test('of a question that is over is no text, no number and no way to cancel', () => {
		const over = toMenu(
			ask([{ ...approval, choices: [{ id: 'no', label: '取消' }] }], { id: 'f'.repeat(32) }),
		);
		const bizmsgmenuid = over?.list[0].id ?? '';
		for (const expects of ['text', 'number'] as const)
			for (const said of ['取消', '2', 'Not Now'])
				expect(checkResponse(ask([step(expects)]), text(said, { bizmsgmenuid })).kind).toBe(
					'again',
				);
	});

	test.each(['101', 'aq0123456789ab-0-1', 'q0123456789ab-0-1x'])(
		'that somebody else has sent (%s) is a text like any other',
		(bizmsgmenuid) =>
			expect(checkResponse(ask([approval]), text('同意', { bizmsgmenuid })).kind).toBe('done'),
	);

	test('counts by its ID, whatever its text says', () => {
		const [, no] = toMenu(ask([approval]))?.list ?? [];
		const { question } = checkResponse(ask([approval]), text('同意', { bizmsgmenuid: no.id }));
		expect(question.responses[0].value).toBe('no');
	});

	test('says which of several questions is answered; else it is the newest', () => {
		const older = ask([approval]);
		const newest = ask([approval], { id: 'f'.repeat(32) });
		expect(pickQuestion([newest, older], text('同意'))).toBe(newest);
		expect(pickQuestion([newest, older], text('同意', { bizmsgmenuid: yes.id }))).toBe(older);
		expect(pickQuestion([], text('同意'))).toBeUndefined();
	});
});

describe('other responses', () => {
	test.each([
		['text', text(' Green tea '), { value: 'Green tea' }],
		['number', text('１，２００．５'), { value: 1200.5 }],
		['number', text('-3。'), { value: -3 }],
		['number', text('0'), { value: 0 }],
		['number', text('9007199254740991'), { value: 9007199254740991 }],
		[
			'picture',
			{ MsgType: 'image', MediaId: 'm1', PicUrl: 'http://p', MsgId: '9' },
			{ media: { MsgType: 'image', MediaId: 'm1', PicUrl: 'http://p' } },
		],
		[
			'file',
			{ MsgType: 'voice', MediaId: 'm2', Format: 'amr', MediaId16K: 'm3' },
			{ media: { MsgType: 'voice', MediaId: 'm2', Format: 'amr', MediaId16K: 'm3' } },
		],
		[
			'location',
			{ MsgType: 'location', Location_X: '23.13', Location_Y: '113.35', Label: 'Tower' },
			{ location: { latitude: 23.13, longitude: 113.35, label: 'Tower' } },
		],
	] as Array<[QuestionStep['expects'], Message, object]>)('%s', (expects, message, value) => {
		const checked = checkResponse(ask([step(expects)]), { CreateTime: '1700000100', ...message });
		expect(checked.kind).toBe('done');
		expect(checked.question.responses).toEqual([
			{ name: expects, at: 1_700_000_100_000, ...value },
		]);
	});

	test.each([
		['text', { MsgType: 'voice', MediaId: 'm' }],
		['text', text('  ')],
		['number', text('about 3')],
		['number', text('12345678901234567890')],
		['number', text('9'.repeat(400))],
		['number', text('1,2')],
		['number', text('0x10')],
		['number', text('1e3')],
		['number', text('3 of 4')],
		['number', { MsgType: 'link', Content: '3' }],
		['text', { MsgType: 'link', Content: 'a link' }],
		['picture', { MsgType: 'image', PicUrl: 'http://p' }],
		['picture', { MsgType: 'image', Content: '取消' }],
		['picture', { MsgType: 'video', MediaId: 'm' }],
		['file', { MsgType: 'file', FileKey: 'k' }],
		['location', text('Tower')],
	] as Array<[QuestionStep['expects'], Message]>)('%s is asked again', (expects, message) => {
		const checked = checkResponse(ask([step(expects)]), message);
		expect(checked.kind).toBe('again');
		expect(checked.text).toMatch(/取消.*\nYour /s);
	});
});

// "Customer service messages" (客服消息): a text has 2048 bytes at most.
test.each([
	[2048, 2048],
	[2049, 'no'.length],
])('a hint and a question of %i bytes make a message of %i', (bytes, sent) => {
	const long = { ...step('text'), text: 'q'.repeat(bytes - 'no\n'.length) };
	const { text: said } = checkResponse(ask([long], { texts: { wrong: 'no' } }), text(' '));
	expect(said).toHaveLength(sent);
});

describe('cancelling', () => {
	test.each(['取消', 'Cancel', ' ＣＡＮＣＥＬ！', '取消。', '“取消”', '"cancel".', '「取消」'])(
		'%s ends',
		(said) => {
			for (const asked of [approval, step('text'), step('picture'), step('number')])
				expect(checkResponse(ask([asked]), text(said)).kind).toBe('cancelled');
		},
	);

	test('a text that only mentions it is a response', () =>
		expect(checkResponse(ask([step('text')]), text('取消订单')).kind).toBe('done'));
});

test('steps are asked one after the other', () => {
	const first = checkResponse(ask([step('text', 'name'), approval]), text('Li Lei'));
	expect(first).toMatchObject({ kind: 'next', text: 'Ship it?\n1. 同意\n2. Not Now' });
	const second = checkResponse(first.question, text('1'));
	expect(second.kind).toBe('done');
	expect(toResume(second.question, 'answered', 5)).toEqual({
		question: '0123456789abcdef0123456789abcdef',
		outcome: 'answered',
		responses: [
			{ name: 'name', at: 1_700_000_100_000, value: 'Li Lei' },
			{ name: 'approved', at: 1_700_000_100_000, value: 'yes' },
		],
		respondedAt: 5,
	});
});

test('texts of its own are said, empty ones nothing', () => {
	const texts = { wrong: 'Hm?', cancelled: '', thanks: 'Fine.' };
	const asked = ask([approval], { texts });
	expect(checkResponse(asked, text('9')).text).toBe('Hm?\nShip it?\n1. 同意\n2. Not Now');
	expect(checkResponse(asked, text('cancel')).text).toBe('');
	expect(checkResponse(asked, text('1')).text).toBe('Fine.');
});

test('a question that leaves no room for a hint is not sent again beyond 2,048 bytes', () => {
	const long = { ...step('number'), text: '问'.repeat(680) };
	expect(checkResponse(ask([long]), text('x')).text).toMatch(/^请回复数字/);
});

import { MESSAGE_PARTS, MESSAGE_TYPES, type MessagePartName } from '../../nodes/push/messageTypes';
import { resources as wechat } from '../../nodes/Wechat/Wechat.node';
import { resources as wechatReply } from '../../nodes/WechatReply/WechatReply.node';
import { resources as socialinzen } from '../../nodes/Socialinzen/Socialinzen.node';

/** The fields of an operation whose label is that of a part. */
interface Table {
	value: string;
	operations: Array<{ value: string; fields?: readonly object[] }>;
}
function fieldsOf(tables: Table[], resource: string, operation: string) {
	const table = tables.find(({ value }) => value === resource);
	return (table?.operations.find(({ value }) => value === operation)?.fields ?? []) as Array<{
		displayName: string;
		name: string;
		wire?: string | false;
		maxBytes?: number;
	}>;
}

const SELECTIONS: Array<[string, ReturnType<typeof fieldsOf>]> = [
	['a reply', fieldsOf(wechatReply, 'reply', 'send')],
	['a rule', fieldsOf(wechatReply, 'rule', 'add')],
	['a customer service message', fieldsOf(wechat, 'customerServiceMessage', 'send')],
	['a rule of a Socialinzen server', fieldsOf(socialinzen, 'replyRule', 'add')],
];

/** Replies and messages can be split: WechatReply/reply.test.ts and Wechat/customerService.test.ts say when. */
const OF_ONE_MESSAGE = ['a rule', 'a rule of a Socialinzen server'];

describe.each(SELECTIONS)('%s', (selection, fields) => {
	// "Passive reply" (被动回复用户消息) and "Customer service messages" (客服消息): a text has 2048 bytes at most.
	test('has a text of 2048 bytes at most, where it is not split', () => {
		const most = OF_ONE_MESSAGE.includes(selection) ? 2048 : undefined;
		expect(fields.find(({ name }) => name === 'content')?.maxBytes).toBe(most);
	});

	test('shows each part by the same label', () => {
		const labels = new Set(fields.map(({ displayName }) => displayName));
		for (const part of ['content', 'mediaId', 'musicUrl', 'thumbMediaId'] as const)
			expect(labels).toContain(MESSAGE_PARTS[part].field.displayName);
	});
});

test.each(Object.entries(MESSAGE_TYPES))('%s needs only what it is made of', (_, entry) => {
	const {
		parts,
		required,
	}: { parts: readonly MessagePartName[]; required: readonly MessagePartName[] } = entry;
	expect(parts).toEqual(expect.arrayContaining([...required]));
});

test('no two parts have a name in common, wherever they are written', () => {
	const names = Object.values(MESSAGE_PARTS).map(({ element, key, rule }) => [
		...new Set<string>([element, key, ...rule]),
	]);
	expect(new Set(names.flat()).size).toBe(names.flat().length);
});

import { UserError } from '../../base/userError';
import { defineLocal, defineResource, type Field } from '../../engine/define';
import { limit, readLimit, returnAll } from '../../engine/fields';
import { createLocator } from '../../n8n/locator';
import type { Message } from '../../push/message';
import { createMatcher, sortRules } from '../../replyRules/matcher';
import { toRuleName, type Rule, type RuleWhen } from '../../replyRules/rule';
import { readRules, toSharedRule } from '../../replyRules/ruleFormat';
import type { RuleStore } from '../../replyRules/ruleStore';
import {
	createReply,
	createReplyFields,
	readVideoThumb,
	REPLY_TYPES,
	ruleText,
} from '../fields/reply';
import { RuleSession } from '../ruleSession';

const defineRuleOperation = defineLocal<RuleSession>();

const when = {
	displayName: 'When',
	name: 'when',
	type: 'options',
	needed: true,
	options: [
		{
			name: 'A Menu Item Is Tapped',
			value: 'menuKey',
			description: 'One of the type "click" (自定义菜单)',
		},
		{ name: 'A Text Arrives', value: 'keyword', description: 'That has the keyword (关键词回复)' },
		{
			name: 'No Other Rule Matches',
			value: 'noMatch',
			description: 'A message of any kind (收到消息回复)',
		},
		{
			name: 'Somebody Subscribes',
			value: 'subscribe',
			description: 'Also by a QR code with a scene (被关注回复)',
		},
	],
	default: 'keyword',
	description: 'What the rule answers to',
} as const satisfies Field;

const REQUEST = 'request';
const hasRequest = { show: { when: ['keyword', 'menuKey'] as RuleWhen[] } };

/** A rule that is there. */
const which = [
	when,
	{
		displayName: 'Keyword or Menu Key (关键词或菜单Key)',
		name: REQUEST,
		...createLocator('searchRules', { placeholder: 'e.g. opening hours', label: 'By Name' }),
		required: true,
		displayOptions: hasRequest,
		description: 'Which rule: the keyword (关键词) or the key of the menu item that it answers to',
	},
] as const satisfies Field[];

const keyword = {
	displayName: 'Keyword (关键词)',
	name: REQUEST,
	type: 'string',
	required: true,
	maxLength: 200,
	displayOptions: { show: { when: ['keyword'] } },
	default: '',
	placeholder: 'e.g. opening hours',
	description:
		'Capital letters and full-width characters do not count. A rule of the same keyword is replaced.',
} as const satisfies Field;

const menuKey = {
	displayName: 'Menu Key (菜单Key)',
	name: REQUEST,
	type: 'string',
	required: true,
	maxLength: 128,
	displayOptions: { show: { when: ['menuKey'] } },
	default: '',
	placeholder: 'e.g. OPENING_HOURS',
	description: 'Key of the menu item. A rule of the same key is replaced.',
} as const satisfies Field;

const match = {
	displayName: 'Match (匹配方式)',
	name: 'match',
	type: 'options',
	options: [
		{ name: 'Contains', value: 'contains', description: 'The text has the keyword in it (半匹配)' },
		{ name: 'Exact', value: 'exact', description: 'The text is the keyword (全匹配)' },
		{ name: 'Starts With', value: 'startsWith', description: 'The text begins with the keyword' },
		{
			name: 'Wildcard',
			value: 'wildcard',
			description: 'In the keyword * stands for any text and ? for one character',
		},
	],
	default: 'exact',
	description: 'How the text is compared with the keyword',
} as const satisfies Field;

const enabled = {
	displayName: 'Enabled (启用)',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description: 'Whether the rule answers',
} as const satisfies Field;

const priority = {
	displayName: 'Priority (优先级)',
	name: 'priority',
	type: 'number',
	default: 0,
	description:
		'Of several rules that fit, the one with the highest number answers; among equals the more exact one, then the longer keyword',
} as const satisfies Field;

const type = {
	displayName: 'Type',
	name: 'type',
	type: 'options',
	needed: true,
	options: [...REPLY_TYPES],
	default: 'Text',
	description: 'What the user gets',
} as const satisfies Field;

/** A rule may answer for years. */
const replyFields = createReplyFields('permanent');

const UPDATE_TYPES = [{ name: 'Unchanged', value: 'same' }, ...REPLY_TYPES] as const;

const rules = {
	displayName: 'Rules (规则)',
	name: 'rules',
	type: 'json',
	as: 'json',
	required: true,
	default: '',
	placeholder:
		'e.g. [{"request": "hello", "type": "text", "reply": {"type": "text", "content": "Hi!"}}]',
	description:
		'A list of rules, the output of Export, or a single rule. Each has request (the keyword), type and reply, and may have when, match, enabled and priority. Rules of a Socialinzen server are taken as they are.',
} as const satisfies Field;

/**
 * Rules by which an account answers by itself, see Answer With Reply Rules of WeChat Trigger. They are kept in the
 * credential, so these operations call nobody.
 */
export const rule = defineResource('Rule (回复规则)', 'rule', [
	defineRuleOperation({
		name: 'Add',
		value: 'add',
		action: 'Add rule',
		chinese: '添加回复规则',
		description: 'Add a reply rule (回复规则), in place of one of the same keyword',
		fields: [
			when,
			keyword,
			menuKey,
			{ ...match, displayOptions: { show: { when: ['keyword'] } } },
			type,
			ruleText,
			...replyFields,
			{
				displayName: 'Rule Options (规则选项)',
				name: 'ruleOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				description: 'What is seldom needed',
				options: [enabled, priority],
			},
		],
		async run(params, { store }, { body }) {
			const { when, request = '', match = 'exact', type, ruleOptions } = params;
			const thumbMediaId = readVideoThumb(body);
			const added: Rule = {
				when,
				request: checkRequest(when, request),
				match,
				reply: createReply(type, pickReplyParts(body)),
				...(thumbMediaId && { thumbMediaId }),
				enabled: true,
				priority: 0,
				...ruleOptions,
			};
			const replaced = store.put(added);
			return { ...toSharedRule(added), replaced: replaced ? toSharedRule(replaced) : false };
		},
	}),
	defineRuleOperation({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many rules',
		chinese: '获取回复规则列表',
		description: 'Get reply rules, in the order in which they are tried',
		fields: [returnAll, limit],
		run: async (params, { store }) => listShared(store).slice(0, readLimit(params)),
	}),
	defineRuleOperation({
		name: 'Get',
		value: 'get',
		action: 'Get rule',
		chinese: '获取回复规则',
		description: 'Get a reply rule',
		fields: [...which],
		async run(params, { store }) {
			const found = store.get(readName(params));
			if (!found) throw createMissingError(params);
			return toSharedRule(found);
		},
	}),
	defineRuleOperation({
		name: 'Update',
		value: 'update',
		action: 'Update rule',
		chinese: '修改回复规则',
		description: 'Change parts of a reply rule',
		fields: [
			...which,
			{
				...type,
				options: [...UPDATE_TYPES],
				default: 'same',
				description: 'What the user gets from now on',
			},
			ruleText,
			...replyFields,
			{
				displayName: 'Changes (修改内容)',
				name: 'changes',
				type: 'collection',
				placeholder: 'Add change',
				default: {},
				description: 'What else to change',
				options: [
					enabled,
					match,
					{
						displayName: 'New Keyword or Menu Key (新关键词或菜单Key)',
						name: 'newRequest',
						type: 'string',
						maxLength: 200,
						default: '',
						placeholder: 'e.g. opening hours',
						description: 'What the rule answers to from now on',
					},
					priority,
				],
			},
		],
		async run(params, { store }, { body }) {
			const name = readName(params);
			const before = store.get(name);
			if (!before) throw createMissingError(params);
			const { newRequest, ...changes } = params.changes;
			const { type } = params;
			const reply =
				type === 'same'
					? {}
					: {
							reply: createReply(type, pickReplyParts(body)),
							thumbMediaId: readVideoThumb(body),
						};
			const after = {
				...before,
				...reply,
				...changes,
				request: checkRequest(before.when, newRequest?.trim() || before.request),
			};
			if (toRuleName(after) !== name) {
				if (store.get(toRuleName(after)))
					throw new UserError(
						`There is a rule of "${after.request}" already`,
						'Delete it first.',
						`已有“${after.request}”的回复规则：请先删除。`,
					);
				store.remove(name);
			}
			store.put(after);
			return toSharedRule(after);
		},
	}),
	defineRuleOperation({
		name: 'Delete',
		value: 'delete',
		action: 'Delete rule',
		chinese: '删除回复规则',
		description: 'Delete a reply rule',
		fields: [...which],
		async run(params, { store }) {
			const removed = store.remove(readName(params));
			if (!removed) throw createMissingError(params);
			return { deleted: true, ...toSharedRule(removed) };
		},
	}),
	defineRuleOperation({
		name: 'Match',
		value: 'match',
		action: 'Match text with rules',
		chinese: '匹配回复规则',
		description: 'Find the reply rule that would answer, without answering',
		fields: [
			{
				...when,
				options: when.options.filter(({ value }) => value !== 'noMatch'),
				description: 'What to try',
			},
			{
				displayName: 'Text or Menu Key (文字或菜单Key)',
				name: 'text',
				type: 'string',
				required: true,
				displayOptions: hasRequest,
				default: '',
				placeholder: 'e.g. What are your opening hours?',
				description: 'What the user writes, or the key of the menu item',
			},
		],
		async run({ when, text = '' }, { store }) {
			const found = createMatcher(store.rules())(toMessage(when, text));
			return found ? { matched: true, ...toSharedRule(found) } : { matched: false };
		},
	}),
	defineRuleOperation({
		name: 'Import',
		value: 'import',
		action: 'Import rules',
		chinese: '导入回复规则',
		description: 'Add many reply rules at once, in place of those of the same keywords',
		fields: [
			rules,
			{
				displayName: 'Delete Others (删除其他规则)',
				name: 'deleteOthers',
				type: 'boolean',
				default: false,
				description: 'Whether to delete the rules that are not among the imported ones',
			},
		],
		async run(params, { store }) {
			const imported = readRules(params.rules);
			const names = new Set(imported.map(toRuleName));
			const others = params.deleteOthers
				? store.rules().filter((one) => !names.has(toRuleName(one)))
				: [];
			for (const one of others) store.remove(toRuleName(one));
			const replaced = imported.filter((one) => store.put(one)).length;
			const added = imported.length - replaced;
			return { imported: imported.length, added, replaced, deleted: others.length };
		},
	}),
	defineRuleOperation({
		name: 'Export',
		value: 'export',
		action: 'Export rules',
		chinese: '导出回复规则',
		description: 'Get all reply rules in one item, for Import or as a backup',
		run: async (_, { store }) => ({ rules: listShared(store) }),
	}),
]);

const listShared = (store: RuleStore) => sortRules(store.rules()).map(toSharedRule);

/** The body also has fields of the rule: those of its reply begin with a capital letter. */
function pickReplyParts(body: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(body).filter(([name]) => /^[A-Z]/.test(name)));
}

/** Blanks around a request do not count, and every text would contain an empty keyword. */
function checkRequest(when: RuleWhen, text: string): string {
	if (!hasRequest.show.when.includes(when)) return '';
	const request = text.trim();
	if (request) return request;
	const isKeyword = when === 'keyword';
	throw new UserError(
		`The ${isKeyword ? 'keyword' : 'menu key'} is missing: it is blank`,
		undefined,
		`没有填写${isKeyword ? '关键词' : '菜单 Key'}：不能只有空格。`,
	);
}

type Named = { when: RuleWhen; request?: string };

const readName = ({ when, request = '' }: Named) => toRuleName({ when, request });

const createMissingError = ({ when, request }: Named) =>
	new UserError(
		request ? `There is no rule of "${request}"` : `There is no rule of the kind "${when}"`,
		'Get Many shows the rules of the account. Menu keys and keywords are different rules.',
		`没有${request ? `“${request}”的` : `类型为“${when}”的`}回复规则：可用“获取回复规则列表”（Get Many）查看账号的所有规则；菜单 Key 与关键词是不同的规则。`,
	);

function toMessage(when: string, text: string): Message {
	if (when === 'keyword') return { MsgType: 'text', Content: text };
	return { MsgType: 'event', Event: when === 'menuKey' ? 'CLICK' : when, EventKey: text };
}

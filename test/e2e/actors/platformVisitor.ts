import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Simulator } from '../../simulator';
import { eventually } from '../services/eventually';
import { createAccountNode, createReplyNode, MINI, type PlatformTrigger } from './platform';
import type { TestEnvironment } from '../testEnvironment';
import type { UnnamedNode, Workflow } from '../workflows/workflow';

/**
 * Messages are answered twice: by a call in the name of the account, and by a reply. Mini programs get the reply as a
 * message, too.
 */
export function createAnsweringFlow(
	credentials: PlatformTrigger['credentials'],
): Pick<Workflow, 'nodes' | 'connections'> {
	const send = { resource: 'customerServiceMessage', operation: 'send', msgtype: 'text' };
	const answer = { touser: '={{ $json.FromUserName }}', content: '=By call: {{ $json.Content }}' };
	const content = "=By reply: {{ $('Trigger').item.json.Content }}";
	const nodes: Array<[string, UnnamedNode]> = [
		['A message?', onlyIf('={{ $json.kind }}', 'startsWith', 'message.')],
		['Call', createAccountNode('={{ $json.accountAppId }}', { ...send, ...answer }, credentials)],
		['Reply', createReplyNode({ content }, credentials)],
	];
	const names = ['Trigger', ...nodes.map(([name]) => name)];
	return {
		nodes: nodes.map(([name, node], index) => ({
			id: randomUUID(),
			name,
			typeVersion: 1,
			position: [(index + 1) * 200, 0],
			...node,
		})),
		connections: Object.fromEntries(
			nodes.map(([node], index) => [names[index], { main: [[{ node, type: 'main', index: 0 }]] }]),
		),
	};
}

function onlyIf(leftValue: string, operation: string, rightValue: string): UnnamedNode {
	const operator = { type: 'string', operation };
	const condition = { id: randomUUID(), leftValue, operator, rightValue };
	const options = { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 };
	const conditions = { options, conditions: [condition], combinator: 'and' };
	return { type: 'n8n-nodes-base.if', typeVersion: 2.2, parameters: { conditions } };
}

/** A visitor says something to an account, which answers in its own name. */
export async function checkConversation(
	{ simulator }: TestEnvironment,
	account: string,
	said: string,
): Promise<void> {
	const before = simulator.messages.length;
	const message = { MsgType: 'text', Content: said };
	const { outcome, shown, deliveries } = await simulator.platform.message(account, message);
	const isMini = account === MINI;
	assert.deepEqual(
		{ outcome, shown, deliveries: deliveries.length },
		{
			outcome: isMini ? 'success' : 'reply',
			shown: isMini ? '' : `By reply: ${said}`,
			deliveries: 1,
		},
	);
	const sent = [`By call: ${said}`, ...(isMini ? [`By reply: ${said}`] : [])];
	await eventually(() =>
		assert.deepEqual(
			simulator.messages.slice(before).map(({ appId, body }) => ({ appId, text: body.text })),
			sent.map((content) => ({ appId: account, text: { content } })),
		),
	);
}

const TOKENS = [
	'/cgi-bin/component/api_component_token',
	'/cgi-bin/component/api_authorizer_token',
];

/** How often WeChat has given a token to the platform, and to accounts behind it. */
export const countTokenCalls = ({ calls }: Simulator) =>
	TOKENS.map((path) => calls.filter((call) => call.path === path && call.errcode === 0).length);

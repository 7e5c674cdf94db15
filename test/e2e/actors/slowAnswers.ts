import type { PushOptions } from '../../simulator';
import type { ActiveWorkflow } from '../workflows/activeWorkflow';
import type { TestEnvironment } from '../testEnvironment';

/** What a user has seen once the run is over, and what it took. */
export interface Seen {
	/** How WeChat found each delivery answered. */
	deliveries: string[];
	/** What it showed as the answer: a text, nothing, or the notice that the service is out of order. */
	shown: string;
	/** Customer service messages to the user. */
	messages: string[];
	/** Calls that say that somebody types. */
	typing: string[];
	/** How the run ended; of each, should the push have started several. */
	runs: string[];
}

/** A user asks for an answer that takes some seconds (slow-answer.json), and waits. */
export async function askAndWait(
	environment: TestEnvironment,
	{ id, url }: ActiveWorkflow,
	user: string,
	seconds: number,
	options: PushOptions = {},
): Promise<Seen> {
	const { session, simulator } = environment;
	const message = { FromUserName: user, MsgType: 'text', Content: String(seconds) };
	const { deliveries, shown } = await simulator.push(url, message, options);
	const executions = await session.executions(id, 1, 90_000);
	const asked = executions.filter(
		(execution) => session.listItems(execution, 'WeChat Trigger')[0].FromUserName === user,
	);
	return {
		deliveries: deliveries.map(({ outcome }) => outcome),
		shown,
		messages: listMessages(environment, user),
		typing: listTypingCalls(environment, user),
		runs: asked.map(({ status }) => status),
	};
}

/** What stands in the customer service messages that a user has got. */
export function listMessages(
	{ simulator }: Pick<TestEnvironment, 'simulator'>,
	user: string,
): string[] {
	return simulator.messages
		.filter(({ body }) => body.touser === user)
		.map(({ body }) => (body.text as { content: string }).content);
}

/** Where WeChat was told that somebody types, for all users or for one. */
export function listTypingCalls(
	{ simulator }: Pick<TestEnvironment, 'simulator'>,
	user?: string,
): string[] {
	return simulator.calls
		.filter(({ path }) => path.endsWith('/typing'))
		.filter(({ body }) => user === undefined || (body as { touser: string }).touser === user)
		.map(({ path, errcode }) => (errcode === 0 ? path : `${path}: ${errcode}`));
}

/** What slow-answer.json says when it is ready. */
export const toSlowAnswer = (seconds: number) =>
	`您说 You said: ${seconds}\n我想好了 I have thought about it.`;

export const TYPING = '/cgi-bin/message/custom/typing';
export const TYPING_OF_MINI_PROGRAM = '/cgi-bin/message/custom/business/typing';

import type { Simulator } from '../../simulator';
import { findError, type Execution } from '../n8n/execution';

type Say = (line: string) => void;

export interface Exchange {
	said: string;
	/** What the user sees as the answer. */
	shown: string;
	/** What WeChat made of the last answer, and why it did not like it. */
	outcome: string;
}

/** A user says something to the account; both sides are printed as in a chat. */
export async function talk(
	simulator: Simulator,
	webhook: string,
	openid: string,
	said: string,
	say: Say,
): Promise<Exchange> {
	const callsBefore = simulator.calls.length;
	say(`  ${openid}: ${said}`);
	const result = await simulator.push(webhook, {
		FromUserName: openid,
		MsgType: 'text',
		Content: said,
	});

	const ms = Math.round(result.deliveries.reduce((sum, delivery) => sum + delivery.ms, 0));
	const pushes = result.deliveries.length === 1 ? 'one push' : `${result.deliveries.length} pushes`;
	const calls = simulator.calls.length - callsBefore;
	say(`  ${simulator.account.name}: ${aligned(result.shown) || '(shows nothing)'}`);
	say(`      ${ms} ms, ${pushes}, ${calls} API ${calls === 1 ? 'call' : 'calls'}`);
	const problem = result.deliveries.at(-1)?.problem;
	const outcome = [result.outcome, problem].filter(Boolean).join(': ');
	return { said, shown: result.shown, outcome };
}

/** Why an exchange went wrong, or nothing when it went right. */
export function findProblem(exchange: Exchange, executions: Execution[]): string | undefined {
	const failed = executions.find((execution) => execution.status !== 'success');
	if (failed)
		return `The workflow ended with ${failed.status}: ${findError(failed) ?? 'no reason given'}`;
	if (!exchange.shown.includes(exchange.said)) {
		return `The user sees "${exchange.shown}" (${exchange.outcome}), which does not repeat "${exchange.said}".`;
	}
	if (executions.length !== 1)
		return `The workflow ran ${executions.length} times instead of once.`;
	return undefined;
}

function aligned(text: string): string {
	return text.replace(/\n/g, '\n      ');
}

import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Simulator } from '../simulator';
import { complaint, talk } from './conversation';
import { CREDENTIAL_TYPE, credentialFor } from './credential';
import { endAll } from './ending';
import { echoBot } from './examples';
import type { RunningN8n, Session } from './n8n';
import { OWNER } from './session';
import { startStage } from './stage';
import { webhookUrl, withCredential } from './workflow';

/**
 * `npm run demo [-- --once] [--port N]`: a real n8n with this pack, an imitation of WeChat's servers,
 * and a conversation between them. Stays up until Ctrl-C; with --once it ends by itself, with
 * status 1 if the conversation went wrong.
 */

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const { once, port } = options();
	const { n8n, simulator, session } = await startStage(say, port);
	const { id, webhook } = await importExample(n8n, simulator, session);

	say('');
	if (!(await simulator.verify(webhook))) {
		say(`WeChat would not accept the address ${webhook}. n8n's log ends with:\n${n8n.recentLog()}`);
		return 1;
	}
	say('WeChat (an imitation of it) accepted the webhook address.');

	const [follower = ''] = simulator.openids();
	const exchange = await talk(simulator, webhook, follower, '你好', say);
	const problem = complaint(exchange, await session.executions(id));
	if (problem) say(`\nThat went wrong. ${problem}\nn8n's log ends with:\n${n8n.recentLog()}`);
	else say('One execution, and it succeeded.');

	const status = problem ? 1 : 0;
	if (once) return status;
	explain(n8n, webhook);
	await keepTalking(simulator, webhook, follower);
	return status;
}

function options(): { once: boolean; port: number | undefined } {
	const { values } = parseArgs({
		options: { once: { type: 'boolean', default: false }, port: { type: 'string' } },
	});
	const port = values.port === undefined ? undefined : Number(values.port);
	if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
		throw new Error(`--port wants a port number, not "${values.port}".`);
	}
	return { once: values.once, port };
}

async function importExample(
	n8n: RunningN8n,
	simulator: Simulator,
	session: Session,
): Promise<{ id: string; webhook: string }> {
	const data = credentialFor(simulator);
	const credential = await session.createCredential('WeChat (imitation)', CREDENTIAL_TYPE, data);
	const { id } = await session.createWorkflow(withCredential(echoBot, CREDENTIAL_TYPE, credential));
	await session.activate(id);
	say(`Imported and activated the workflow "${echoBot.name}"`);
	return { id, webhook: webhookUrl(n8n.url, echoBot) };
}

function explain(n8n: RunningN8n, webhook: string): void {
	say(`
Editor:   ${n8n.url}
Login:    ${OWNER.email} / ${OWNER.password}
Webhook:  ${webhook}

Type something and press Enter to say it to the account. Ctrl-C ends everything.
`);
}

/** Until Ctrl-C, also when there is nobody at the keyboard. */
async function keepTalking(simulator: Simulator, webhook: string, follower: string): Promise<void> {
	for await (const line of createInterface({ input: process.stdin })) {
		if (line.trim()) await talk(simulator, webhook, follower, line.trim(), say);
	}
	await new Promise(() => {});
}

void main()
	.catch((error: unknown) => {
		say(error instanceof Error ? error.message : String(error));
		return 1;
	})
	.then(async (status) => {
		await endAll();
		process.exit(status);
	});

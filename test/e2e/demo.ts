import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { startDemoPage, type DemoPage } from '../demo/server';
import type { Simulator } from '../simulator';
import { startBotServer } from '../simulator/bot';
import { startPayV3Server } from '../simulator/payV3';
import { findProblem, talk } from './actors/conversation';
import { cleanUpAtEnd, endAll } from './services/cleanup';
import type { RunningN8n } from './n8n/startN8n';
import { activateDemoBot, activateDemoWorkflows } from './workflows/demoWorkflows';
import { startTestEnvironment } from './testEnvironment';
import { OWNER } from './n8n/login';

/**
 * `npm run demo [-- --once] [--port N] [--n8n VERSION]`: a real n8n with this pack, an imitation of WeChat's servers,
 * a conversation between them, and a chat page like a phone's to go on with. Stays up until Ctrl-C; with --once it ends by itself, with
 * status 1 if the conversation went wrong.
 */

const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
	const { once, port, version } = options();
	const environment = await startTestEnvironment(say, { version, port });
	const { n8n, simulator, session } = environment;
	const bots = await startBotServer();
	cleanUpAtEnd(bots.close);
	const pay = await startPayV3Server({ appIds: [simulator.account.appId] });
	cleanUpAtEnd(pay.close);
	const page = await startDemoPage(simulator, { bots, pay });
	cleanUpAtEnd(page.close);
	const pictureUrl = `${page.url}/sample.png`;
	const workflows = await activateDemoWorkflows(environment, { pictureUrl, pay });
	const { own, platform } = workflows;
	page.connectPayments(workflows.paymentsUrl);
	page.connectArticles(workflows.articlesUrl);
	page.showLoginLink(await (await activateDemoBot(environment, bots))());
	say('Imported and published the workflows of the demo');

	say('');
	try {
		await page.connect('own', own.url);
		await page.connect('platform', platform.url);
	} catch (error) {
		say(
			`WeChat would not accept an address (${String(error)}). n8n's log ends with:\n${n8n.recentLog()}`,
		);
		return 1;
	}
	say('WeChat (an imitation of it) accepted the webhook addresses.');

	const [follower = ''] = simulator.openids();
	const exchange = await talk(simulator, own.url, follower, '你好', say);
	const problem = findProblem(exchange, await session.executions(own.id));
	if (problem) say(`\nThat went wrong. ${problem}\nn8n's log ends with:\n${n8n.recentLog()}`);
	else say('One execution, and it succeeded.');

	const status = problem ? 1 : 0;
	if (once) return status;
	explain(n8n, page, own.url);
	await keepTalking(simulator, own.url, follower);
	return status;
}

function options(): { once: boolean; port?: number; version?: string } {
	const { values } = parseArgs({
		options: {
			once: { type: 'boolean', default: false },
			port: { type: 'string' },
			n8n: { type: 'string' },
		},
	});
	const port = values.port === undefined ? undefined : Number(values.port);
	if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65536)) {
		throw new Error(`--port wants a port number, not "${values.port}".`);
	}
	return { once: values.once, port, version: values.n8n };
}

function explain(n8n: RunningN8n, page: DemoPage, webhook: string): void {
	say(`
Page:     ${page.url}
Editor:   ${n8n.url}
Login:    ${OWNER.email} / ${OWNER.password}
Webhook:  ${webhook}

Open the page to be a follower of the account, or somebody with a bot (Bot of my own WeChat). Or type
something here as a follower, and press Enter. Ctrl-C ends everything.
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

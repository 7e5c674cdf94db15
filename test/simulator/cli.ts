import { parseArgs } from 'node:util';
import { startDemoPage } from '../demo/server';
import { readPlatform, runPlatform, type PlatformSettings } from './cliPlatform';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	RELEASE_TEST_ACCOUNTS,
	SECOND_ACCOUNT,
	startSimulator,
	type PushFormat,
	type PushResult,
	type Simulator,
} from './index';
import { createPush } from '../support/pushSamples';
import { startBotServer } from './bot';
import { startSocialinzen, type SocialinzenOptions } from './socialinzen';

const HELP = `A WeChat server double on 127.0.0.1, for trying things out.

npm run simulator -- [options]

  --port 8765            where it listens
  --followers 25         how many followers the account has
  --latency 0            milliseconds each API answer takes
  --token-seconds 7200   how long an access_token lives
  --push URL TEXT        push TEXT from the first follower to URL, show what
                         happens, and end (exit code 1 when it went wrong);
                         may be given several times; a TEXT such as
                         event.channels_ec_order_pay pushes that event, with
                         a sample of it (docs/events.md has their names)
  --format xml           of these pushes: xml or json
  --events URL           a third-party platform: its 授权事件接收URL, and
  --messages URL         its 消息与事件接收URL with $APPID$; gets a ticket, then
                         an official account and a mini program authorize it
  --release-test 1       runs 全网发布检测 on that platform with one of the five
                         pairs of test accounts, and ends (likewise)
  --page                 serves the demo page, too: a phone on which to try
                         an n8n of your own
  --socialinzen          a Socialinzen server in place of WeChat
  --help                 this text

Without --push and --release-test it runs until it is interrupted.`;

const ACCOUNTS = [DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT, SECOND_ACCOUNT, ...RELEASE_TEST_ACCOUNTS];

const say = (line: string) => console.log(line);

interface Settings {
	port: number;
	followers: number;
	latencyMs: number;
	tokenSeconds: number;
	pushes: { url: string; text: string }[];
	format: PushFormat;
	platform?: PlatformSettings;
	page: boolean;
	socialinzen: boolean;
}

/** undefined when only the help is wanted. */
function readArguments(): Settings | undefined {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			port: { type: 'string' },
			followers: { type: 'string', default: '25' },
			latency: { type: 'string', default: '0' },
			'token-seconds': { type: 'string', default: '7200' },
			push: { type: 'string', multiple: true, default: [] },
			format: { type: 'string', default: 'xml' },
			events: { type: 'string' },
			messages: { type: 'string' },
			'release-test': { type: 'string' },
			page: { type: 'boolean', default: false },
			socialinzen: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) return undefined;
	if (values.push.length !== positionals.length) {
		throw new Error('--push takes a URL and a text');
	}
	return {
		// A process that only pushes leaves the usual port to the one that serves.
		port: toCount('--port', values.port ?? (values.push.length > 0 ? '0' : '8765')),
		followers: toCount('--followers', values.followers),
		latencyMs: toCount('--latency', values.latency),
		tokenSeconds: toCount('--token-seconds', values['token-seconds']),
		pushes: values.push.map((url, index) => ({ url, text: positionals[index] })),
		format: toFormat(values.format),
		platform: readPlatform(values),
		page: values.page,
		socialinzen: values.socialinzen,
	};
}

function toCount(name: string, text: string): number {
	if (!/^\d{1,9}$/.test(text)) throw new Error(`${name} takes a number, not ${text}`);
	return Number(text);
}

function toFormat(text: string): PushFormat {
	if (text === 'xml' || text === 'json') return text;
	throw new Error(`--format takes xml or json, not ${text}`);
}

/** The text as a message, or the event that it names. */
function toPush({ account, openids }: Simulator, text: string, format: PushFormat) {
	if (!/^event\.\w+$/.test(text)) return { MsgType: 'text', Content: text };
	const parties = { ToUserName: account.name, FromUserName: openids()[0] };
	return createPush(text, format, parties, Math.floor(Date.now() / 1000));
}

function introduce({ url, account }: Simulator): void {
	say(`API base URL     ${url}`);
	say(`AppID            ${account.appId}`);
	say(`AppSecret        ${account.secret}`);
	say(`Token            ${account.token}`);
	say(`EncodingAESKey   ${account.encodingAESKey}`);
	say(`Original ID      ${account.name} (${account.mode} mode, ${account.format})`);
}

function report({ deliveries, outcome, reply, shown }: PushResult): void {
	deliveries.forEach((delivery, index) => {
		const { ms, outcome: result, problem } = delivery;
		say(`delivery ${index + 1}: ${result} after ${ms} ms${problem ? ` (${problem})` : ''}`);
	});
	if (outcome === 'reply' && shown === '') say(`the user receives: ${String(reply?.MsgType)}`);
	else say(shown === '' ? 'the user sees nothing' : `the user sees: ${shown}`);
}

async function runSocialinzen(options: Partial<SocialinzenOptions>): Promise<void> {
	const { url, username, password, close } = await startSocialinzen(options);
	say(`Base URL         ${url}`);
	say(`User Name        ${username}`);
	say(`Password         ${password}`);
	closeWhenInterrupted(close);
}

function closeWhenInterrupted(close: () => Promise<void>): void {
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
}

async function run(): Promise<void> {
	const settings = readArguments();
	if (!settings) return say(HELP);
	const { pushes, format, platform, page, socialinzen, ...options } = settings;
	if (socialinzen) return await runSocialinzen(options);
	const simulator = await startSimulator({ ...options, accounts: ACCOUNTS });
	introduce(simulator);
	if (platform && !(await runPlatform(simulator, platform, say))) process.exitCode = 1;
	if (pushes.length === 0 && platform?.pair === undefined) {
		const bots = page ? await startBotServer() : undefined;
		const demo = page ? await startDemoPage(simulator, { bots }) : undefined;
		if (bots) say(`Of a bot         ${bots.url}`);
		if (demo) say(`Page             ${demo.url}`);
		return closeWhenInterrupted(async () => {
			await demo?.close();
			await bots?.close();
			await simulator.close();
		});
	}
	try {
		for (const { url, text } of pushes) {
			const result = await simulator.push(url, toPush(simulator, text, format), { format });
			report(result);
			if (result.outcome !== 'reply' && result.outcome !== 'success') process.exitCode = 1;
		}
	} finally {
		await simulator.close();
	}
}

run().catch((error: Error) => {
	console.error(error.message);
	process.exitCode = 1;
});

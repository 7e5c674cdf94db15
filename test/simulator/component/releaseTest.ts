import { accountOf, type SimulatorState } from '../behaviors/behavior';
import type { JsonObject } from '../http/json';
import { RELEASE_TEST_PAIRS } from './releaseTestAccounts';
import type { PushResult } from '../types';
import type { Platform, StepResult } from './types';

const TEXT = 'TESTCOMPONENT_MSG_TYPE_TEXT';

type Step = () => Promise<void>;

/** 全网发布检测: every step is tried, whatever became of the others. */
export async function releaseTest(
	pair: number,
	platform: Platform,
	state: SimulatorState,
): Promise<StepResult[]> {
	const { officialAccount, miniProgram } = RELEASE_TEST_PAIRS[pair - 1];
	const [official, mini] = [officialAccount.appId, miniProgram.appId];
	const steps: [string, Step][] = [
		['ticket', async () => checkTold(await platform.pushTicket())],
		['authorize official account', () => authorize(official, platform)],
		['authorize mini program', () => authorize(mini, platform)],
		['text', () => checkReply(official, text(TEXT), `${TEXT}_callback`, platform)],
		['api, official account', () => checkApi(official, platform, state)],
		['api, mini program', () => checkApi(mini, platform, state)],
		['event', () => checkReply(official, LOCATION, 'LOCATIONfrom_callback', platform)],
	];
	const results: StepResult[] = [];
	for (const [step, run] of steps) {
		const result = await attempt(step, run);
		results.push(result);
		state.options.events.emit({ type: 'step', ...result });
	}
	return results;
}

const text = (Content: string) => ({ MsgType: 'text', Content });

/** No longer on the page of today, but still sent by older rules. */
const LOCATION = {
	MsgType: 'event',
	Event: 'LOCATION',
	Latitude: '23.137466',
	Longitude: '113.352425',
	Precision: '119.385040',
};

async function attempt(step: string, run: Step): Promise<StepResult> {
	try {
		await run();
		return { step, ok: true };
	} catch (error) {
		return { step, ok: false, problem: (error as Error).message };
	}
}

function checkTold({ outcome, deliveries }: PushResult): void {
	const problem = deliveries.at(-1)?.problem ?? outcome;
	if (outcome !== 'success') throw new Error(`the push was not answered: ${problem}`);
}

/** The test accounts authorize by themselves, so there is no PreAuthCode. */
async function authorize(appId: string, platform: Platform): Promise<void> {
	const { result } = await platform.authorize(appId);
	checkTold(result as PushResult);
}

async function checkReply(
	appId: string,
	message: JsonObject,
	wanted: string,
	platform: Platform,
): Promise<void> {
	const { shown, deliveries } = await platform.message(appId, message, { deliveries: 1 });
	if (shown !== wanted) {
		throw new Error(deliveries[0].problem ?? `the reply is "${shown}", not "${wanted}"`);
	}
}

/** QUERY_AUTH_CODE: an empty answer at once, the customer-service message afterwards. */
async function checkApi(appId: string, platform: Platform, state: SimulatorState): Promise<void> {
	const { code } = await platform.authorize(appId, { push: false });
	const touser = accountOf(state, appId).visitor;
	const sent = waitForMessage(describe({ appId, touser, content: `${code}_from_api` }), state);
	const message = { FromUserName: touser, ...text(`QUERY_AUTH_CODE:${code}`) };
	try {
		const { deliveries } = await platform.message(appId, message, { deliveries: 1 });
		const [{ body, problem, outcome }] = deliveries;
		if (body !== '') throw new Error(problem ?? `the answer is not empty but ${outcome}`);
		if (!(await sent.outcome)) throw new Error('no customer-service message with the code came');
	} finally {
		sent.stop();
	}
}

interface Awaited {
	/** Whether the message came in time. */
	outcome: Promise<boolean>;
	stop(): void;
}

/** Waits from now on; the time is that of the release test. */
function waitForMessage(wanted: string, { options }: SimulatorState): Awaited {
	let stop = () => {};
	const outcome = new Promise<boolean>((resolve) => {
		const stopTimer = options.later(options.releaseTestMs, () => resolve(false));
		const stopListening = options.events.listen((event) => {
			if (event.type !== 'message') return;
			const { appId, body } = event;
			const { content } = (body.text ?? {}) as { content?: unknown };
			if (describe({ appId, touser: body.touser, content }) === wanted) resolve(true);
		});
		stop = () => {
			stopTimer();
			stopListening();
		};
	});
	return { outcome, stop: () => stop() };
}

const describe = (message: { appId: string; touser: unknown; content: unknown }): string =>
	JSON.stringify(message);

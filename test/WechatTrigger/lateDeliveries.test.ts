import type { IWebhookFunctions } from 'n8n-workflow';
import { createLateWatch } from '../../nodes/WechatTrigger/lateDeliveries';
import type { Response } from '../../nodes/n8n/webhookResponse';
import { createTestClock, type TestClock } from '../support/clock';
import { fakeResponse } from '../support/webhook';

/** WeChat waits five seconds and hangs up (https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html). */
let clock: TestClock;
let warned: string[];
let watch: (response: ReturnType<typeof fakeResponse>) => void;

beforeEach(() => {
	clock = createTestClock();
	warned = [];
	const context = {
		getNode: () => ({ name: 'WeChat Trigger' }),
		getWorkflow: () => ({ name: 'Echo' }),
		logger: { warn: (message: string) => void warned.push(message) },
	} as unknown as IWebhookFunctions;
	const watchDelivery = createLateWatch(clock);
	watch = (response) => watchDelivery(context, response as unknown as Response);
});

test('a push that comes when WeChat has hung up is told, with the setting that helps', () => {
	const response = fakeResponse();
	response.hangUp();
	watch(response);
	expect(warned).toEqual([
		expect.stringMatching(/^"WeChat Trigger" of workflow "Echo" .+N8N_EXPRESSION_ENGINE=legacy/),
	]);
});

// Who has waited a second or more before has less than four left.
test.each([
	[0, 1],
	[3999, 1],
	[4000, 0],
	[4900, 0],
])('of a push that WeChat gives up after %i ms at the node it tells %i times', (ms, times) => {
	const response = fakeResponse();
	watch(response);
	clock.turn(ms);
	response.hangUp();
	expect(warned).toHaveLength(times);
});

test('it is told once', () => {
	for (let push = 0; push < 3; push++) {
		const response = fakeResponse();
		watch(response);
		response.hangUp();
	}
	expect(warned).toHaveLength(1);
});

test('it is told once, also of pushes that are given up at the same time', () => {
	const responses = [fakeResponse(), fakeResponse()];
	for (const response of responses) watch(response);
	for (const response of responses) response.hangUp();
	expect(warned).toHaveLength(1);
});

test('nothing is told of a push that was answered', () => {
	const response = fakeResponse();
	watch(response);
	response.end('success');
	response.hangUp();
	expect(warned).toEqual([]);
});

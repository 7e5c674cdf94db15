import type { IWebhookFunctions } from 'n8n-workflow';
import { createLateWatch } from '../../nodes/WechatTrigger/lateDeliveries';
import type { Response } from '../../nodes/WechatTrigger/triggerResponse';
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

test('a push that WeChat gives up soon after the node got it waited elsewhere', () => {
	const response = fakeResponse();
	watch(response);
	clock.turn(3000);
	response.hangUp();
	expect(warned).toHaveLength(1);
});

test('it is told once', () => {
	for (let push = 0; push < 3; push++) {
		const response = fakeResponse();
		watch(response);
		response.hangUp();
	}
	expect(warned).toHaveLength(1);
});

test('nothing is told of a run that takes longer than WeChat waits', () => {
	const response = fakeResponse();
	watch(response);
	clock.turn(4900);
	response.hangUp();
	expect(warned).toEqual([]);
});

test('nothing is told of a push that was answered', () => {
	const response = fakeResponse();
	watch(response);
	response.end('success');
	response.hangUp();
	expect(warned).toEqual([]);
});

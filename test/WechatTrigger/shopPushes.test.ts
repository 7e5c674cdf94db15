import type { INodeParameters } from 'n8n-workflow';
import { createServices } from '../../nodes/api/services';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';
import { buildPush } from '../simulator/push/buildPush';
import { SHOP_PAUSES } from '../simulator/push/deliverPush';
import { SHOP_ACCOUNT } from '../simulator';
import type { PushMessage } from '../simulator/types';
import { createTestClock, type TestClock } from '../support/clock';
import { logged, prepareN8n } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { callWebhook } from '../support/webhook';

/*
 * WeChat delivers a push of a shop up to ten times within 3.6 hours
 * (https://developers.weixin.qq.com/doc/store/shop/linkstore/miniprogram_connection/miniprogram_callback/Order_notification),
 * and others three times within 15 seconds. Whether each delivery of a shop is signed anew is not documented.
 */
prepareN8n();
const simulator = useSimulator({ accounts: [SHOP_ACCOUNT] });

let clock: TestClock;
let trigger: WechatTrigger;
const restart = () => (trigger = new WechatTrigger(createServices({ clock })));
beforeEach(() => {
	clock = createTestClock();
	restart();
});

const toSeconds = (ms: number) => String(Math.floor(ms / 1000));
const createPaid = (): PushMessage => ({
	FromUserName: 'oBuyer',
	CreateTime: toSeconds(clock.now()),
	MsgType: 'event',
	Event: 'channels_ec_order_pay',
	order_info: { order_id: '3705115058471208928', pay_time: toSeconds(clock.now()) },
});

interface Made {
	kind?: string;
	mode?: 'safe' | 'plaintext';
	/** When the query was signed, in milliseconds; now unless said otherwise. */
	signedAt?: number;
	parameters?: INodeParameters;
}

/** One delivery: how it is answered, and how many runs it starts. */
async function deliver(
	message: PushMessage,
	{ kind = 'shop', mode = 'safe', signedAt = clock.now(), parameters }: Made = {},
) {
	const { query, body } = buildPush(SHOP_ACCOUNT, message, {
		mode,
		timestamp: toSeconds(signedAt),
	});
	const { response, result } = await callWebhook(
		{ method: 'POST', query, body },
		{ kinds: ['all'], respond: 'onReceived', ...parameters },
		credentialsFor(simulator(), { kind, encryptionMode: mode }),
		undefined,
		{ type: trigger },
	);
	return [response.body || response.statusCode, result.workflowData?.[0].length ?? 0];
}

describe('a push of a shop', () => {
	test.each([
		['signed anew each time', () => undefined],
		['signed once', () => clock.now()],
	])('that is delivered ten times, %s, starts one run', async (_, readSignedAt) => {
		const [paid, signedAt] = [createPaid(), readSignedAt()];
		const answers = [await deliver(paid, { signedAt })];
		for (const pause of SHOP_PAUSES) {
			clock.turn(pause * 1000);
			answers.push(await deliver(paid, { signedAt }));
		}
		expect(answers).toEqual([['success', 1], ...SHOP_PAUSES.map(() => ['success', 0])]);
	});

	test.each(SHOP_PAUSES.map((_, index) => [index + 2]))(
		'whose first deliveries did not arrive starts a run by delivery %i',
		async (delivery) => {
			const paid = createPaid();
			const signedAt = clock.now();
			for (const pause of SHOP_PAUSES.slice(0, delivery - 1)) clock.turn(pause * 1000);
			expect(await deliver(paid, { signedAt })).toEqual(['success', 1]);
			expect(await deliver(paid, { signedAt })).toEqual(['success', 0]);
		},
	);

	test('is replayed in vain as long as it is accepted, and refused after four hours', async () => {
		const paid = createPaid();
		const signedAt = clock.now();
		expect(await deliver(paid)).toEqual(['success', 1]);
		clock.turn(4 * 3_600_000 - 1000);
		expect(await deliver(paid, { signedAt })).toEqual(['success', 0]);
		clock.turn(2000);
		expect(await deliver(paid, { signedAt })).toEqual([401, 0]);
		expect(await deliver(paid)).toEqual([401, 0]);
		expect(logged.splice(0)).toHaveLength(2);
	});

	// In memory only: see SECURITY.md.
	test('that is replayed after a restart without Redis starts a second run', async () => {
		const paid = createPaid();
		expect(await deliver(paid)).toEqual(['success', 1]);
		clock.turn(3_600_000);
		restart();
		expect(await deliver(paid)).toEqual(['success', 1]);
	});

	test('without a time inside is refused when it comes late', async () => {
		const signedAt = clock.now();
		clock.turn(301_000);
		const paid = { ...createPaid(), CreateTime: '' };
		expect(await deliver(paid, { signedAt })).toEqual([401, 0]);
		expect(logged.splice(0)).toHaveLength(1);
	});

	test('in plain text is refused when its signature is old: it does not cover the body', async () => {
		const paid = createPaid();
		const signedAt = clock.now();
		clock.turn(301_000);
		expect(await deliver(paid, { signedAt, mode: 'plaintext' })).toEqual([401, 0]);
		expect(await deliver(paid, { mode: 'plaintext' })).toEqual(['success', 1]);
		expect(logged.splice(0)).toHaveLength(1);
	});

	test('is answered at once, whatever replies the node is set to give', async () => {
		const parameters = { respond: 'responseNode', rules: 'instead' };
		expect(await deliver(createPaid(), { parameters })).toEqual(['success', 1]);
	});

	test('from the future is refused', async () => {
		const paid = createPaid();
		clock.turn(-301_000);
		expect(await deliver(paid)).toEqual([401, 0]);
		expect(logged.splice(0)).toHaveLength(1);
	});
});

describe('with the credential of another kind', () => {
	test('an event of a shop is accepted late when it is signed for now, once', async () => {
		const paid = createPaid();
		const signedAt = clock.now();
		clock.turn(3_600_000);
		const kind = 'miniProgram';
		expect(await deliver(paid, { kind, signedAt })).toEqual([401, 0]);
		expect(await deliver(paid, { kind })).toEqual(['success', 1]);
		clock.turn(3_600_000);
		expect(await deliver(paid, { kind })).toEqual(['success', 0]);
		expect(logged.splice(0)).toHaveLength(1);
	});

	test.each(['officialAccount', 'miniProgram'])('%s: all others are refused late', async (kind) => {
		const followed = { ...createPaid(), Event: 'subscribe' };
		clock.turn(301_000);
		expect(await deliver(followed, { kind })).toEqual([401, 0]);
		expect(logged.splice(0)).toHaveLength(1);
	});
});

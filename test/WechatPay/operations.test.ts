import { resources } from '../../nodes/WechatPay/WechatPay.node';
import { redPacket } from '../../nodes/WechatPay/resources/redPacket';
import { prepareN8n, runNode } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { payCredentialsFor, secretsOf, usePay } from '../support/pay';
import { prepareBills } from './preparedBills';
import { payV3CredentialsFor, payV3SecretsOf, usePayV3 } from '../support/payV3Server';

prepareN8n();

describe('red packets', () => {
	const server = usePay();

	/** The order that Get looks for. */
	beforeEach(async () => {
		const sent = {
			resource: 'redPacket',
			operation: 'send',
			appid: server().appId,
			re_openid: 'oKnownUser',
			total_amount: 100,
			send_name: 'n',
			wishing: 'w',
			act_name: 'a',
			remark: 'r',
			mch_billno: 'known1',
		};
		await runNode('wechatPay', sent, payCredentialsFor(server()));
	});

	testOperations({
		node: 'wechatPay',
		resources: [redPacket],
		fixtures: fixturesIn('pay'),
		simulator: server,
		credentials: () => payCredentialsFor(server()),
		words: {},
		secretsIn: () => secretsOf(server()),
	});
});

describe('API v3', () => {
	const server = usePayV3();
	const words: Record<string, string> = {};

	beforeEach(async () => await prepareBills(server(), words));

	/** What Get, Close, Cancel and refunds look for. */
	beforeEach(async () => {
		const credentials = payV3CredentialsFor(server());
		const order = {
			resource: 'payment',
			operation: 'createNative',
			appid: server().appId,
			description: 'tea',
			total: 100,
			notify_url: 'https://n8n.example.com/webhook/pay',
			image: false,
		};
		const transfer = {
			resource: 'transfer',
			operation: 'create',
			appid: server().appId,
			openid: 'oKnownUser',
			transfer_amount: 100,
			out_bill_no: 'knownTransfer',
			transfer_scene_id: '1009',
			transfer_scene_report_infos: { rows: [{ info_type: '采购商品名称', info_content: 'tea' }] },
			transfer_remark: 'tea',
		};
		const refund = {
			resource: 'refund',
			operation: 'create',
			by: 'out_trade_no',
			out_trade_no: 'paid-order',
			refund: 10,
			total: 100,
			out_refund_no: 'known-refund',
		};
		if (!server().payments.has('paid-order')) {
			await runNode('wechatPay', { ...order, out_trade_no: 'paid-order' }, credentials);
			await runNode('wechatPay', { ...order, out_trade_no: 'unpaid-order' }, credentials);
			words.transaction = String(server().pay('paid-order').transaction_id);
			await runNode('wechatPay', refund, credentials);
			await runNode('wechatPay', transfer, credentials);
			words.bill = String(server().transfers.get('knownTransfer')?.billNo);
		}
	});

	testOperations({
		node: 'wechatPay',
		resources: resources.filter(({ value }) => value !== redPacket.value),
		fixtures: fixturesIn('payV3'),
		simulator: server,
		credentials: () => payV3CredentialsFor(server()),
		words,
		secretsIn: () => payV3SecretsOf(server()),
	});
});

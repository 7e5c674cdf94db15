import { resources } from '../../nodes/WechatPay/WechatPay.node';
import { prepareN8n, runNode } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { payCredentialsFor, secretsOf, usePay } from '../support/pay';

prepareN8n();
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
	resources,
	fixtures: fixturesIn('pay'),
	simulator: server,
	credentials: () => payCredentialsFor(server()),
	words: {},
	secretsIn: () => secretsOf(server()),
});

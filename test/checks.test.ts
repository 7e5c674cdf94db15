import type { INodeParameters } from 'n8n-workflow';
import type { Described, DescribedResource, Field } from '../nodes/engine/define';
import { resources as platformResources } from '../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import { resources as payResources } from '../nodes/WechatPay/WechatPay.node';
import { resources as shopResources } from '../nodes/WechatShop/WechatShop.node';
import { resources as soterResources } from '../nodes/WechatSoter/WechatSoter.node';
import { resources as wechatResources } from '../nodes/Wechat/Wechat.node';
import { DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT } from './simulator';
import { prepareN8n, runNode, type Credentials } from './support/n8n';
import { MAKING_KEYS_MS, payCredentialsFor, usePay } from './support/pay';
import { credentialsFor, platformCredentialsFor, useSimulator } from './support/simulator';

/**
 * A check that is written down and whose value comes to nothing is an error: n8n gives undefined, null or an empty
 * text for an expression that finds nothing, and a workflow that goes on then believes it has checked.
 */

prepareN8n();
const simulator = useSimulator({ accounts: [DEFAULT_ACCOUNT, MINI_PROGRAM_ACCOUNT] });
const merchant = usePay();

/** Expressions that yield nothing, as n8n evaluates them. */
const NOTHING = [
	'={{ $json.missing }}',
	'={{ null }}',
	"={{ '' }}",
	"={{ ' ' }}",
	'={{ [] }}',
	'={{ $json.missing?.deeper }}',
	'=',
];

const url = 'https://shop.example/';
const order = {
	appid: 'wx1',
	openid: 'o1',
	description: 'tea',
	notify_url: url,
	payer_client_ip: '1.2.3.4',
};
const transfer = {
	appid: 'wx1',
	openid: 'o1',
	transfer_scene_report_infos: { rows: [{ info_type: 't', info_content: 'c' }] },
	transfer_remark: 'tea',
};
const link = { redirectUri: url, image: false };
const account = { account: { mode: 'id', value: MINI_PROGRAM_ACCOUNT.appId } };
const signature = {
	publicKey: '-----BEGIN PUBLIC KEY-----',
	json: '{}',
	signature: 'AA==',
	challenge: 'c',
};
const menu = { buttons: { button: [{ type: 'click', name: 'Help', key: 'help' }] } };
const packet = {
	appid: DEFAULT_ACCOUNT.appId,
	re_openid: 'oReceiver',
	send_name: 'Tea House',
	wishing: 'Thanks',
	act_name: 'Survey',
	remark: 'One',
};

/** Leaves out the Chinese word of a label. */
const toEnglish = (text: string) => text.replace(/ \([^()]*\p{Script=Han}[^()]*\)/u, '');

/** Every check of the pack: node, operation, values of its other fields, its label, and where it stands. */
const CHECKS: Array<
	[node: string, operation: string, others: INodeParameters, label: string, at: string]
> = [
	['wechat', 'webAuthorization.exchangeCode', { code: 'c' }, 'State', 'state'],
	['wechat', 'miniProgram.getPhoneNumber', { code: 'c' }, 'OpenID', 'openid'],
	[
		'wechat',
		'login.decryptData',
		{ session: 's', encryptedData: 'e', iv: 'i' },
		'Maximum Age (Minutes)',
		'dataOptions.maxAge',
	],
	[
		'wechat',
		'customerServiceMessage.sendAndWait',
		{ touser: 'o', message: 'May we?' },
		'Ask on a Page (网页提问)',
		'questionOptions.pageUrl',
	],
	['wechat', 'jsSdk.getCardSignature', { card_id: 'p' }, 'Code', 'restrictions.code'],
	['wechat', 'jsSdk.getCardSignature', { card_id: 'p' }, 'OpenID', 'restrictions.openid'],
	['wechat', 'menu.createPersonalized', { tag: '1', ...menu }, 'Phone', 'client_platform_type'],
	['wechat', 'menu.createPersonalized', { client_platform_type: '1', ...menu }, 'Tag', 'tag'],
	['wechat', 'massMessage.delete', { msg_id: '1' }, 'Article Number', 'article_idx'],
	['wechat', 'publication.delete', { article_id: 'a' }, 'Position', 'index'],
	...['massMessage.sendToAll', 'massMessage.sendToUsers'].map(
		(operation): (typeof CHECKS)[number] => [
			'wechat',
			operation,
			{ tag: '1', touser: 'o1,o2', msgtype: 'text', content: 'Hello' },
			'Client Message ID',
			'messageOptions.clientmsgid',
		],
	),
	[
		'wechat',
		'templateMessage.send',
		{ touser: 'o', template_id: 't', dataMode: 'json', data: '{}' },
		'Client Message ID',
		'messageOptions.client_msg_id',
	],
	['wechat', 'shipping.getAll', {}, 'OpenID', 'filters.openid'],
	['wechat', 'shipping.getAll', {}, 'Paid From', 'filters.from'],
	['wechat', 'shipping.getAll', {}, 'Paid Until', 'filters.to'],
	['wechatOpenPlatform', 'authorization.createLink', link, 'Fixed Account', 'limits.appId'],
	['wechatOpenPlatform', 'authorization.createLink', link, 'Permission Sets', 'limits.permissions'],
	[
		'wechatOpenPlatform',
		'authorization.exchangeCode',
		{ authorization_code: 'c' },
		'Link State',
		'linkState',
	],
	['wechatOpenPlatform', 'release.rollBack', account, 'App Version', 'app_version'],
	['wechatOpenPlatform', 'violation.getAll', account, 'From', 'start_time'],
	['wechatOpenPlatform', 'violation.getAll', account, 'To', 'end_time'],
	...['signature.verify', 'authKey.verify'].flatMap((operation): typeof CHECKS => [
		['wechatSoter', operation, signature, 'CPU ID', 'checks.cpu_id'],
		['wechatSoter', operation, signature, 'UID', 'checks.uid'],
		['wechatSoter', operation, signature, 'Last Counter', 'checks.lastCounter'],
	]),
	...['cpu_id', 'uid', 'lastCounter'].map((name): (typeof CHECKS)[number] => [
		'wechatSoter',
		'signature.verifyForMiniProgram',
		{ openid: 'o', json_string: '{}', json_signature: 'AA==', challenge: 'c' },
		{ cpu_id: 'CPU ID', uid: 'UID', lastCounter: 'Last Counter' }[name] ?? name,
		`checks.${name}`,
	]),
	[
		'wechatShop',
		'afterSale.accept',
		{ after_sale_order_id: '1' },
		'Address ID',
		'acceptOptions.address_id',
	],
	['wechatShop', 'order.getAll', {}, 'OpenID', 'filters.openid'],
	['wechatShop', 'order.search', {}, 'Last Four Digits of Phone', 'conditions.tel_number_last4'],
	['wechatShop', 'order.search', {}, 'Order ID', 'conditions.order_id'],
	['wechatShop', 'order.search', {}, 'Receiver', 'conditions.user_name'],
	['wechatShop', 'order.search', {}, 'SKU Code', 'conditions.sku_code'],
	['wechatShop', 'order.search', {}, 'Title', 'conditions.title'],
	['wechatPay', 'redPacket.send', packet, 'Order Number', 'mch_billno'],
	['wechatPay', 'redPacket.sendGroup', packet, 'Order Number', 'mch_billno'],
	['wechatPay', 'payment.createApp', order, 'Order Number', 'out_trade_no'],
	['wechatPay', 'payment.createH5', order, 'Order Number', 'out_trade_no'],
	['wechatPay', 'payment.createJsapi', order, 'Order Number', 'out_trade_no'],
	['wechatPay', 'payment.createNative', order, 'Order Number', 'out_trade_no'],
	['wechatPay', 'refund.create', { out_trade_no: 'order1' }, 'Refund Number', 'out_refund_no'],
	['wechatPay', 'transfer.create', transfer, 'Transfer Number', 'out_bill_no'],
	['wechatPay', 'transfer.create', transfer, 'Receiver Name', 'additionalFields.user_name'],
];

const credentialsOf: Record<string, () => Credentials | Promise<Credentials>> = {
	wechat: () => credentialsFor(simulator()),
	wechatOpenPlatform: async () => await platformCredentialsFor(simulator()),
	wechatSoter: () => credentialsFor(simulator()),
	wechatShop: () => credentialsFor(simulator(), { kind: 'shop' }),
	wechatPay: () => payCredentialsFor(merchant()),
};

/** Parameters with a value at `group.name` or `name`. */
function put(others: INodeParameters, at: string, value: string): INodeParameters {
	const [first, name] = at.split('.');
	return { ...others, [first]: name === undefined ? value : { [name]: value } };
}

async function fail(node: string, operation: string, params: INodeParameters): Promise<string> {
	const [resource, name] = operation.split('.');
	const credentials = await credentialsOf[node]();
	const before = simulator().calls.length + merchant().calls.length;
	const ran = await runNode(node, { resource, operation: name, ...params }, credentials);
	expect(simulator().calls.length + merchant().calls.length).toBe(before);
	expect(ran.output).toEqual([]);
	return ran.error?.message ?? '';
}

describe.each(CHECKS)('%s, %s %j: %s', (node, operation, others, label, at) => {
	test.each(NOTHING)(
		'%s is told, and nothing is sent',
		async (expression) => {
			const told = await fail(node, operation, put(others, at, expression));
			expect(toEnglish(told)).toContain(`"${toEnglish(label)}" is filled in, but comes out empty`);
		},
		MAKING_KEYS_MS,
	);
});

// A locator keeps its expression in its value.
test('a tag to be chosen by an expression that yields nothing', async () => {
	const tag = { __rl: true, mode: 'id', value: NOTHING[0] };
	const told = await fail('wechat', 'menu.createPersonalized', {
		...menu,
		client_platform_type: '1',
		tag,
	});
	expect(told).toContain('"Tag (标签)" is filled in, but comes out empty');
});

// A set of checks cannot be an expression: n8n drops it before a node sees it.
test.each([{}, { state: '' }])('what is not written asks for nothing: %j', async (unwritten) => {
	const code = { resource: 'webAuthorization', operation: 'exchangeCode', code: 'c' };
	const { error } = await runNode('wechat', { ...code, ...unwritten }, credentialsFor(simulator()));
	// The code is wrong, and was sent.
	expect(error?.message).toContain('40029');
});
test('every check of the tables is tested here', () => {
	const tables: Array<[string, DescribedResource[]]> = [
		['wechat', wechatResources],
		['wechatOpenPlatform', platformResources],
		['wechatSoter', soterResources],
		['wechatShop', shopResources],
		['wechatPay', payResources],
	];
	const marked = tables.flatMap(([node, resources]) =>
		resources.flatMap((of) =>
			of.operations.flatMap((entry) =>
				listChecks(entry).map((at) => `${node} ${of.value}.${entry.value} ${at}`),
			),
		),
	);
	const tested = CHECKS.map(([node, operation, , , at]) => `${node} ${operation} ${at}`);
	expect(marked.sort()).toEqual(tested.sort());
});

function listChecks({ fields = [] }: Described): string[] {
	return fields.flatMap((field) => {
		if (field.type !== 'collection') return field.check ? [field.name] : [];
		const inside = (field.options as Field[]).filter(({ check }) => check);
		return inside.map(({ name }) => `${field.name}.${name}`);
	});
}

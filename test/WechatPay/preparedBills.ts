import { formatBeijingTime } from '../../nodes/engine/beijingTime';
import type { PayV3Server } from '../simulator/payV3';
import { runNode } from '../support/n8n';
import { payV3CredentialsFor } from '../support/payV3Server';
import { readSample } from '../support/samples';

const TRADES = [
	'交易时间,公众账号ID,商户号,微信订单号,商户订单号,应结订单金额,商品名称,手续费,费率,订单金额',
	'`2026-11-27 08:35:41,`wxd222ec9daccce0b9,`1900000109,`4200000451202611271334502019,`0012026112700000017,`0.57,`茶, 100g,`0.00600,`0.60%,`1.00',
	'总交易单数,应结订单总金额,手续费总金额,订单总金额',
	'`1,`0.57,`0.00600,`1.00',
];
const FUNDS = [
	'记账时间,微信支付业务单号,收支类型,收支金额(元),账户结余(元),备注',
	'`2026-11-27 13:54:01,`50300806962026112705978994968,`支出,`0.01,`1234567.89,`退款总金额0.01元;含手续费0.00元',
	'资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额',
	'`1,`0,`0,`1,`0.01',
];

/** Writes a bill as merchants get it. */
const toBillText = (lines: string[]): string => `\uFEFF${lines.join('\r\n')}\r\n`;

const DAY_MS = 86_400_000;
const toDay = (time: number) => formatBeijingTime(time).slice(0, 10);

/** What operations of bills, complaints and media look for. Fills in the words of their fixtures. */
export async function prepareBills(
	server: PayV3Server,
	words: Record<string, string>,
): Promise<void> {
	const now = Date.now();
	words.today = toDay(now);
	words.monthAgo = toDay(now - 29 * DAY_MS);
	words.day = toDay(now - 2 * DAY_MS);
	words.emptyDay = toDay(now - 3 * DAY_MS);
	server.setBill('trade', words.day, toBillText(TRADES));
	server.setBill('fundflow', words.day, toBillText(FUNDS));
	server.addComplaint({ complaint_id: 'known', payer_phone: '13912345678' });
	server.addComplaint({ complaint_id: 'replied' });
	const credentials = payV3CredentialsFor(server);
	const about = { resource: 'complaint', operation: 'reply', complaint_id: 'replied' };
	await runNode('wechatPay', { ...about, response_content: '已退款' }, credentials);
	const data = {
		mimeType: 'image/jpeg',
		fileName: 'receipt.jpg',
		data: readSample('jpg').toString('base64'),
	};
	const { output } = await runNode(
		'wechatPay',
		{ resource: 'complaint', operation: 'uploadImage' },
		credentials,
		[{ json: {}, binary: { data } }],
	);
	words.image = String(output[0].json.media_id);
}

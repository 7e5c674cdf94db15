import { basename, join } from 'node:path';
import { readGroupNames, readKnownCalls, type Catalogs } from '../../nodes/callCatalog/knownCalls';
import { findRefusal } from '../../nodes/callCatalog/refusedCalls';
import states from '../fixtures/call-states.json';
import { fixturesIn } from './operations';
import { PACK_NODES } from './packContents';

/** Which known calls are operations, which ones API: Call makes, and which ones nothing here makes: two pages in docs. */

export const COVERAGE_PAGES: Record<keyof Catalogs, string> = {
	calls: 'docs/api-coverage.md',
	payCalls: 'docs/pay-coverage.md',
};

export const toFile = (page: string) => join(__dirname, '..', '..', page);

type CallRecord = Catalogs[keyof Catalogs];

export type CallState = 'operation' | 'call' | 'out';

export interface Coverage {
	call: CallRecord;
	state: CallState;
	/** The operations, or why not, or what to know. */
	text: string;
}

/** The node whose operations have their fixtures in a folder, by the server. Socialinzen is one of its own. */
export const FOLDERS: Record<keyof Catalogs, Record<string, string>> = {
	calls: {
		'.': 'Wechat',
		platform: 'WechatOpenPlatform',
		'platform/code': 'WechatOpenPlatform',
		'platform/owner': 'WechatOpenPlatform',
		shop: 'WechatShop',
		soter: 'WechatSoter',
	},
	payCalls: { payV3: 'WechatPay' },
};

/** The operations that make a call, by its path, by method and path, and by `?action=` where a path has that. */
function listOperations(catalog: keyof Catalogs): Map<string, Set<string>> {
	const made = new Map<string, Set<string>>();
	for (const [folder, className] of Object.entries(FOLDERS[catalog])) {
		const pack = PACK_NODES.find((one) => one.className === className);
		for (const [value, operations] of Object.entries(fixturesIn(folder)))
			for (const [operation, cases] of Object.entries(operations))
				for (const { request } of cases) {
					// API: Call makes any call, and so says nothing about one of WeChat Pay.
					if (!request || (catalog === 'payCalls' && value === 'api')) continue;
					const resource = pack?.resources.find((one) => one.value === value);
					const { name } = resource?.operations.find((one) => one.value === operation) ?? {};
					const action = request.query?.action as string | undefined;
					const text = `${pack?.node.description.displayName}: ${resource?.name}: ${name}`;
					const keys = [
						request.path,
						`${request.path}?action=${action}`,
						`${request.method} ${request.path}`,
					];
					for (const key of keys) made.set(key, (made.get(key) ?? new Set()).add(text));
				}
	}
	return made;
}

/**
 * Where a key has a `#`, several calls have one path, which operations tell apart by their fields. Keys of WeChat Pay have
 * braces where a request has a value.
 */
function findOperations(made: Map<string, Set<string>>, { key, method, path }: CallRecord) {
	if (!key.startsWith(method)) return made.get(key.split('#')[0]);
	const literal = `${method} ${path}`.replace(/[.*+?^$()|[\]\\]/g, '\\$&');
	const pattern = new RegExp(`^${literal.replace(/\{\w+\}/g, '[^/]+')}$`);
	// A path without braces is not one with them: transfer-bills/transfer is no number of a bill.
	return (
		made.get(`${method} ${path}`) ??
		[...made].find(([request]) => path.includes('{') && pattern.test(request))?.[1]
	);
}

/** What is known of each call of a catalog, in its order. */
export async function listCoverage(catalog: keyof Catalogs = 'calls'): Promise<Coverage[]> {
	const made = listOperations(catalog);
	const records: CallRecord[] = await readKnownCalls(catalog);
	return records.map((call) => {
		const stated = states.find(({ keys }) => keys.includes(call.key));
		const operations = findOperations(made, call);
		if (operations) return { call, state: 'operation', text: [...operations].join('<br>') };
		if (stated?.state === 'operation') return { call, state: 'operation', text: stated.why };
		if (call.gone) return { call, state: 'out', text: `WeChat switched it off on ${call.gone}.` };
		const refusal = findRefusal(call.path);
		if (refusal) return { call, state: 'out', text: `${refusal.reason}. ${refusal.instead}` };
		if (stated) return { call, state: stated.state as CallState, text: stated.why };
		return { call, state: 'call', text: describeSignature(call) };
	});
}

/** Some calls are signed with a key that no credential has. */
function describeSignature({ query = [] }: CallRecord): string {
	const names = query.map((entry) => entry.split(/[:=]/)[0]);
	const signed = names.filter((name) => name === 'pay_sig' || name === 'signature');
	return signed.length > 0 ? `You compute ${signed.join(' and ')}.` : '';
}

const countStates = (coverage: Coverage[]): Record<CallState, number> => {
	const count = (state: CallState) => coverage.filter((one) => one.state === state).length;
	return { operation: count('operation'), call: count('call'), out: count('out') };
};

const NAMES: Record<CallState, string> = {
	operation: 'Operation',
	call: 'API: Call',
	out: 'Out',
};

/** Paths that operations call and that are no calls of api.weixin.qq.com. */
function listOtherPaths(coverage: Coverage[]): string[] {
	const known = new Set(coverage.map(({ call }) => call.path));
	return [...listOperations('calls')]
		.filter(([key]) => key.startsWith('/') && !key.includes('?') && !known.has(key))
		.map(([path, operations]) => `| \`${path}\` | ${[...operations].join('<br>')} |`);
}

/** What a page says before its tables, and behind them. */
const PAGES: Record<keyof Catalogs, { head: string[]; foot: (coverage: Coverage[]) => string[] }> =
	{
		calls: {
			head: [
				'# Known calls of api.weixin.qq.com',
				'',
				'`npm run readme` writes this page from `nodes/callCatalog/calls.json`. The calls and their fields are facts of two',
				'SDKs, fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat (MIT, 92020d95) and JeffreySu/WeiXinMPSDK (Apache-2.0, be573f6f),',
				"of WeChat's pages, and of this pack.",
			],
			foot: (coverage) => [
				'## At other places',
				'',
				'Operations also call these: paths of other hosts, or of newer pages.',
				'',
				'| Path | Operations |',
				'| - | - |',
				...listOtherPaths(coverage),
				'',
				'## Not in this list',
				'',
				'Calls of other servers, which know neither the tokens nor the return codes of these.',
				'',
				'| Server | What it is | Here |',
				'| - | - | - |',
				'| `api.mch.weixin.qq.com` | WeChat Pay (微信支付): a signature of the merchant | The node WeChat Pay: [its calls](pay-coverage.md) |',
				'| `qyapi.weixin.qq.com` | WeCom (企业微信), with its customer service (微信客服) | Out: another product, with accounts of its own |',
				'| `api.e.qq.com` | Tencent Ads (腾讯广告) | Out: an account of the advertiser |',
				'| `openai.weixin.qq.com` | Chatbots (微信对话开放平台) | Out: an account of its own |',
			],
		},
		payCalls: {
			head: [
				'# Known calls of WeChat Pay API v3 (api.mch.weixin.qq.com)',
				'',
				'`npm run readme` writes this page from `nodes/callCatalog/payCalls.json`. The calls and their fields are facts of',
				'two SDKs, fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat (MIT, 92020d95) and JeffreySu/WeiXinMPSDK (Apache-2.0,',
				'be573f6f), and of TheNorthMemory/wechatpay-openapi (MIT, 4d6325b0).',
			],
			foot: () => [
				'## Not in this list',
				'',
				'Calls of API v2, which have XML and another signature: of them, the node WeChat Pay makes those of red packets.',
			],
		},
	};

/** A page of docs. */
export async function writeCoverage(catalog: keyof Catalogs = 'calls'): Promise<string> {
	const coverage = await listCoverage(catalog);
	const names = await readGroupNames(catalog);
	const { operation, call, out } = countStates(coverage);
	const groups = [...new Set(coverage.map((one) => one.call.group))].sort();
	const sections = groups.flatMap((group) => [
		`## ${names[group]?.join(' · ') ?? group}`,
		'',
		'| Call | What it does | Here | Operations, or why not |',
		'| - | - | - | - |',
		...coverage.filter((one) => one.call.group === group).map(toRow),
		'',
	]);
	const { head, foot } = PAGES[catalog];
	return [
		...head,
		'',
		'| Here | Calls | What it means |',
		'| - | - | - |',
		`| Operation | ${operation} | An operation makes this call. |`,
		`| API: Call | ${call} | The operation API: Call makes it: choose it from the list. |`,
		`| Out | ${out} | Nothing here makes it. |`,
		'',
		...sections,
		...foot(coverage),
		'',
	].join('\n');
}

function toRow({ call, state, text }: Coverage): string {
	const title = call.title.filter((part) => part !== '').join(' · ');
	const key = call.key.startsWith(call.method) ? call.key : `${call.method} ${call.key}`;
	const cells = [`\`${key}\``, title, NAMES[state], text];
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The numbers of the sentence that links to a page, from the folder of that or below. */
const createCounts = (page: string) =>
	new RegExp(
		`(\\d[\\d,]*)([^\\d\\n]+)(\\d[\\d,]*)([^\\d\\n]+)(\\d[\\d,]*)([^\\d\\n]+)(\\d[\\d,]*)(?=[^\\d\\n]+\\((?:\\.\\./)?${basename(page)}\\))`,
	);

/** The sentences that link to a page: how many calls are known, operations, reached by API: Call, and out. */
export function fillCounts(
	text: string,
	coverage: Coverage[],
	page = COVERAGE_PAGES.calls,
): string {
	const { operation, call, out } = countStates(coverage);
	const [known, operations, calls, outs] = [coverage.length, operation, call, out].map((count) =>
		count.toLocaleString('en-US'),
	);
	return text.replace(
		createCounts(page),
		(...[, , a, , b, , c]: string[]) => `${known}${a}${operations}${b}${calls}${c}${outs}`,
	);
}

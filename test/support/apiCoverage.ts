import { join } from 'node:path';
import { readGroupNames, readKnownCalls, type KnownCall } from '../../nodes/callCatalog/knownCalls';
import { findRefusal } from '../../nodes/callCatalog/refusedCalls';
import states from '../fixtures/call-states.json';
import { fixturesIn } from './operations';
import { PACK_NODES } from './packContents';

/** Which known calls are operations, which ones API: Call makes, and which ones nothing here makes: docs/api-coverage.md. */

export const COVERAGE_PAGE = join(__dirname, '..', '..', 'docs', 'api-coverage.md');

export type CallState = 'operation' | 'call' | 'out';

export interface Coverage {
	call: KnownCall;
	state: CallState;
	/** The operations, or why not, or what to know. */
	text: string;
}

/** The node whose operations have their fixtures in a folder. WeChat Pay and Socialinzen are servers of their own. */
export const FOLDERS: Record<string, string> = {
	'.': 'Wechat',
	platform: 'WechatOpenPlatform',
	'platform/code': 'WechatOpenPlatform',
	'platform/owner': 'WechatOpenPlatform',
	shop: 'WechatShop',
	soter: 'WechatSoter',
};

/** The operations that make a call, by its path and `?action=` where a path has that. */
function listOperations(): Map<string, Set<string>> {
	const made = new Map<string, Set<string>>();
	for (const [folder, className] of Object.entries(FOLDERS)) {
		const pack = PACK_NODES.find((one) => one.className === className);
		for (const [value, operations] of Object.entries(fixturesIn(folder)))
			for (const [operation, cases] of Object.entries(operations))
				for (const { request } of cases) {
					if (!request) continue;
					const resource = pack?.resources.find((one) => one.value === value);
					const { name } = resource?.operations.find((one) => one.value === operation) ?? {};
					const action = request.query?.action as string | undefined;
					const text = `${pack?.node.description.displayName}: ${resource?.name}: ${name}`;
					for (const key of [request.path, `${request.path}?action=${action}`])
						made.set(key, (made.get(key) ?? new Set()).add(text));
				}
	}
	return made;
}

/** Where a key has a `#`, several calls have one path, which operations tell apart by their fields. */
const findOperations = (made: Map<string, Set<string>>, key: string) => made.get(key.split('#')[0]);

/** What is known of each call of the catalog, in its order. */
export async function listCoverage(): Promise<Coverage[]> {
	const made = listOperations();
	return (await readKnownCalls()).map((call) => {
		const stated = states.find(({ keys }) => keys.includes(call.key));
		const operations = findOperations(made, call.key);
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
function describeSignature({ query = [] }: KnownCall): string {
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
	return [...listOperations()]
		.filter(([key]) => !key.includes('?') && !known.has(key))
		.map(([path, operations]) => `| \`${path}\` | ${[...operations].join('<br>')} |`);
}

/** The page docs/api-coverage.md. */
export async function writeCoverage(): Promise<string> {
	const coverage = await listCoverage();
	const names = await readGroupNames();
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
	return [
		'# Known calls of api.weixin.qq.com',
		'',
		'`npm run readme` writes this page from `nodes/callCatalog/calls.json`. The calls and their fields are facts of two',
		'SDKs, fudiwei/DotNetCore.SKIT.FlurlHttpClient.Wechat (MIT, 92020d95) and JeffreySu/WeiXinMPSDK (Apache-2.0, be573f6f),',
		"of WeChat's pages, and of this pack.",
		'',
		'| Here | Calls | What it means |',
		'| - | - | - |',
		`| Operation | ${operation} | An operation makes this call. |`,
		`| API: Call | ${call} | The operation API: Call makes it: choose it from the list. |`,
		`| Out | ${out} | Nothing here makes it. |`,
		'',
		...sections,
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
		'| `api.mch.weixin.qq.com` | WeChat Pay (微信支付): a certificate or a signature of the merchant | The node WeChat Pay makes some |',
		'| `qyapi.weixin.qq.com` | WeCom (企业微信), with its customer service (微信客服) | Out: another product, with accounts of its own |',
		'| `api.e.qq.com` | Tencent Ads (腾讯广告) | Out: an account of the advertiser |',
		'| `openai.weixin.qq.com` | Chatbots (微信对话开放平台) | Out: an account of its own |',
		'',
	].join('\n');
}

function toRow({ call, state, text }: Coverage): string {
	const title = call.title.filter((part) => part !== '').join(' · ');
	const cells = [`\`${call.method} ${call.key}\``, title, NAMES[state], text];
	return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

const COUNTS =
	/(\d[\d,]*)([^\d\n]+)(\d[\d,]*)([^\d\n]+)(\d[\d,]*)([^\d\n]+)(\d[\d,]*)(?=[^\d\n]+\(docs\/api-coverage\.md\))/;

/** The sentence of a README that links to the page: how many calls are known, operations, reached by API: Call, and out. */
export function fillCounts(text: string, coverage: Coverage[]): string {
	const { operation, call, out } = countStates(coverage);
	const [known, operations, calls, outs] = [coverage.length, operation, call, out].map((count) =>
		count.toLocaleString('en-US'),
	);
	return text.replace(
		COUNTS,
		(...[, , a, , b, , c]: string[]) => `${known}${a}${operations}${b}${calls}${c}${outs}`,
	);
}

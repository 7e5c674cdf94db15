import { createStatusError } from '../base/connectionError';
import type { Http, HttpResponse } from '../base/http';
import { UserError } from '../base/userError';
import { toDownload, type Download } from './download';
import { findPublicAddresses } from './publicAddress';

/** How many redirects are followed. Browsers follow 20, and pictures need one or two. */
const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Servers of pictures send WebP or AVIF to those who take them, and some send nothing to callers without a name.
 *
 * @see https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
 */
const HEADERS = {
	accept: 'image/jpeg, image/png, image/gif;q=0.9, */*;q=0.5',
	'user-agent':
		'n8n-nodes-wechat-platform (https://github.com/n8n-nodes-wechat-platform/n8n-nodes-wechat-platform)',
};

/**
 * Fetches a file of at most 32 MB from an address that anybody may have written, such as a model; no token goes there.
 * The address, and each one that it leads to, must be on the public internet, or at `server`.
 *
 * @throws {UserError} when an address is inside the network of n8n, or leads on too often.
 * @throws {ConnectionError} when nothing is there.
 */
export async function fetchWebFile(
	url: URL,
	server: URL,
	{ http, proxyUrl }: { http: Http; proxyUrl?: string },
): Promise<Download> {
	for (let hop = 0, next = url; hop <= MAX_REDIRECTS; hop++) {
		const response = await request(next, server, { http, proxyUrl });
		if (response.status === 200) return toDownload(response);
		next = readRedirect(response, next);
	}
	throw new UserError(
		`the address leads on to others more than ${MAX_REDIRECTS} times`,
		'Open it in a browser, and use the address that is shown at the end.',
		`该地址的跳转超过 ${MAX_REDIRECTS} 次：请用浏览器打开，改用最终显示的地址。`,
	);
}

async function request(
	url: URL,
	server: URL,
	{ http, proxyUrl }: { http: Http; proxyUrl?: string },
): Promise<HttpResponse> {
	const addresses = await findPublicAddresses(url, server).catch((error: unknown) => {
		throw error instanceof UserError
			? error.with({
					message: `${url.host || url.protocol} is no public address`,
					hint: 'Nothing is fetched from inside the network of n8n. Get the file with an HTTP Request node, and name its binary field.',
					chinese: `${url.host || url.protocol} 不是公网地址，不会从 n8n 的内网获取文件：请用 HTTP Request 节点下载文件，再填写其二进制字段名。`,
				})
			: error;
	});
	const peer = toPeer(url);
	return await http({ peer, method: 'GET', url, headers: HEADERS, proxyUrl, addresses });
}

const toPeer = ({ host }: URL) => ({
	name: host,
	hint: 'Open the address in a browser. A server that wants a login, or lets only its own pages show its pictures, sends nothing to n8n.',
	chinese: '请用浏览器打开该地址；要求登录或有防盗链的服务器不会把文件发给 n8n。',
});

/** The address that a response leads to. Errors name the host only: the rest may hold a secret. */
function readRedirect(response: HttpResponse, from: URL): URL {
	const { status, location = '' } = response;
	if (REDIRECTS.has(status) && location && URL.canParse(location, from.href))
		return new URL(location, from);
	const peer = toPeer(from);
	throw createStatusError(response, {
		peer,
		reason: 'the file is not there',
		reasonInChinese: '文件不在该地址',
		path: from.pathname,
		...(status < 500 && { hint: peer.hint, chinese: peer.chinese }),
	});
}

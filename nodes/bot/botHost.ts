import { toServerUrl } from '../base/serverUrl';
import { UserError } from '../base/userError';

/** Where a bot is before WeChat says that it is elsewhere. */
const BOT_API = 'https://ilinkai.weixin.qq.com';
/** Where its files are. */
export const BOT_CDN = 'https://novac2c.cdn.weixin.qq.com/c2c';

/** The way to WeChat, as the credential says. */
export interface BotServer {
	/** Field API Base URL: a relay; empty for WeChat itself. */
	apiBaseUrl?: string;
	/** Field Proxy URL. */
	proxyUrl?: string;
}

const FIELD = {
	name: 'API Base URL',
	example: BOT_API,
	hint: 'Correct API Base URL in the credential, or leave it empty.',
};
const TENCENT = /(^|\.)weixin\.qq\.com$/;

/**
 * Creates the address of a path.
 *
 * @param base Where WeChat has said that the bot is; empty before that.
 * @throws {UserError} when API Base URL is no address, or `base` is one that no token may go to.
 */
export function toBotUrl(server: BotServer, path: string, base = ''): URL {
	return toServerUrl(base ? findBotBase(server, base) : toOwnBase(server), path, FIELD);
}

const toOwnBase = ({ apiBaseUrl }: BotServer) => apiBaseUrl?.trim() || BOT_API;

/**
 * Finds the base of calls for what WeChat names as the new place: a host (`redirect_host`), or an address (`baseurl`).
 * Tokens go to Tencent's hosts, and to the one that the person at the editor has entered; nowhere else.
 *
 * @throws {UserError} when it is another one.
 */
export function findBotBase(server: BotServer, place: string): string {
	const own = toServerUrl(toOwnBase(server), '', FIELD).href.replace(/\/+$/, '');
	const said = /^https?:\/\//i.test(place) ? place : `https://${place}`;
	const url = URL.canParse(said) ? new URL(said) : undefined;
	// WeChat names its first host, too, for which a relay stands.
	if (url && [new URL(own).host, new URL(BOT_API).host].includes(url.host)) return own;
	if (url && isTencent(url)) return (url.origin + url.pathname).replace(/\/+$/, '');
	throw new UserError(
		`WeChat names "${url?.host ?? 'something'}" as the new server of the bot, which is not one of Tencent's`,
		'Nothing was sent there. Check API Base URL in the credential: a relay may have changed the answer.',
		`微信给出的机器人新服务器“${url?.host ?? '未知'}”不属于腾讯，没有向其发送任何内容：请检查凭据中的“接口地址”，可能是中转服务器改动了应答。`,
	);
}

/** Whether a file may be fetched from there, or put there. */
export const isBotFileUrl = (server: BotServer, address: string): boolean => {
	if (!URL.canParse(address)) return false;
	const url = new URL(address);
	return isTencent(url) || url.origin === toServerUrl(toOwnBase(server), '', FIELD).origin;
};

const isTencent = ({ protocol, hostname, port, username }: URL) =>
	protocol === 'https:' && TENCENT.test(hostname) && port === '' && username === '';

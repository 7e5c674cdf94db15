import type { IncomingHttpHeaders } from 'node:http';
import { refuseCall, BotRefusal } from './refusal';
import type { BotAccount, Json, World } from './world';

const FIELDS: Record<string, string[]> = {
	get_bot_qrcode: ['local_token_list'],
	getupdates: ['get_updates_buf'],
	sendmessage: ['msg'],
	getconfig: ['ilink_user_id', 'context_token'],
	sendtyping: ['ilink_user_id', 'typing_ticket', 'status'],
	getuploadurl: [
		'filekey',
		'media_type',
		'to_user_id',
		'rawsize',
		'rawfilemd5',
		'filesize',
		'no_need_thumb',
		'aeskey',
	],
	'msg/notifystart': [],
	'msg/notifystop': [],
};

/** `Name/1.0`, maybe with a comment behind it, several of them with blanks between. */
const PRODUCT = /^[\w.-]{1,32}(\/[\w.+-]{1,32})?( \([ -'*-~]{1,64}\))?$/;

/** Headers that every call has. */
export function checkClient(headers: IncomingHttpHeaders): void {
	if (headers['ilink-app-id'] !== 'bot') refuseCall('iLink-App-Id is "bot"');
	const version = Number(headers['ilink-app-clientversion']);
	if (!Number.isInteger(version) || version < 0x010000 || version > 0xffffff)
		refuseCall('iLink-App-ClientVersion is (major<<16|minor<<8|patch) as a decimal');
}

/** Headers of calls with a body. */
export function checkHeaders(headers: IncomingHttpHeaders, uins: Set<string>): void {
	checkClient(headers);
	if (!/^application\/json\b/.test(headers['content-type'] ?? ''))
		refuseCall('Content-Type is application/json');
	if (headers.authorizationtype !== 'ilink_bot_token')
		refuseCall('AuthorizationType is "ilink_bot_token"');
	const uin = String(headers['x-wechat-uin'] ?? '');
	const digits = Buffer.from(uin, 'base64').toString('latin1');
	const isRound = Buffer.from(digits, 'latin1').toString('base64') === uin;
	if (!isRound || !/^\d{1,10}$/.test(digits) || Number(digits) > 0xffffffff)
		refuseCall('X-WECHAT-UIN is Base64 of a uint32 in decimals');
	if (uins.has(uin)) refuseCall('X-WECHAT-UIN is new for each call');
	uins.add(uin);
}

/** Tencent's own client sends no base_info with get_bot_qrcode. */
export function checkBody(name: string, body: Json): void {
	const { base_info: info, ...fields } = body;
	const known = FIELDS[name];
	for (const field of Object.keys(fields))
		if (!known.includes(field)) refuseCall(`${name} has no field ${field}`);
	if (info === undefined && name === 'get_bot_qrcode') return;
	const { channel_version: version, bot_agent: agent } = (info ?? {}) as Json;
	if (typeof version !== 'string' || !/^\d+\.\d+\.\d+$/.test(version))
		refuseCall('base_info.channel_version is a version');
	const isAgent =
		typeof agent === 'string' &&
		agent.length <= 256 &&
		agent.split(/ (?!\()/).every((product) => PRODUCT.test(product));
	if (!isAgent) refuseCall('base_info.bot_agent is like a User-Agent');
}

/** Finds whose token it is. @throws {BotRefusal} -14, also for a token that nobody ever had. */
export function findCaller(world: World, headers: IncomingHttpHeaders): BotAccount {
	const [, token] = /^Bearer (\S+)$/.exec(headers.authorization ?? '') ?? [];
	if (!token) return refuseCall('Authorization is "Bearer " and the token');
	const bot = [...world.bots.values()].find((one) => one.token === token);
	if (!bot || bot.isDead) throw new BotRefusal(-14, 'session timeout');
	return bot;
}

/** Reads a text of a body. */
export function readField(body: Json, name: string): string {
	const value = body[name];
	return typeof value === 'string' ? value : refuseCall(`${name} is a text`);
}

/** Reads a number of a body. */
export function readCount(body: Json, name: string): number {
	const value = body[name];
	return Number.isInteger(value) ? (value as number) : refuseCall(`${name} is a number`);
}

import { randomUUID } from 'node:crypto';
import { refuseCall } from './refusal';
import { createToken, type Code, type Json, type World } from './world';

const MAX_TOKENS = 10;
const WRONG_NUMBERS = 3;

/** Draws a QR code for a login. */
export function drawCode(world: World, query: Json, body: Json): Json {
	if (query.bot_type !== '3') refuseCall('bot_type is 3');
	const tokens = body.local_token_list;
	if (!Array.isArray(tokens) || tokens.length > MAX_TOKENS)
		refuseCall('local_token_list is a list of at most 10 tokens');
	const qrcode = createToken();
	const code: Code = {
		qrcode,
		status: 'wait',
		drawnAt: world.clock.now(),
		wrong: 0,
		said: 'wait',
	};
	world.codes.set(qrcode, code);
	const qrcode_img_content = `https://liteapp.weixin.qq.com/q/${randomUUID()}?qrcode=${qrcode}&bot_type=3`;
	return { ret: 0, qrcode, qrcode_img_content };
}

export function findCode(world: World, qrcode?: string): Code {
	const code = qrcode ? world.codes.get(qrcode) : [...world.codes.values()].at(-1);
	return code ?? refuseCall('there is no such qrcode');
}

/** How long nothing is said while a code stays in one of these states. */
const HELD: readonly string[] = ['wait', 'scaned'];

/** What is said of a code; undefined while there is nothing new, unless `isOver`: then the wait is. */
export function readCode(
	world: World,
	query: Json,
	host: string,
	isOver = false,
): Json | undefined {
	const code = findCode(world, String(query.qrcode ?? '') || 'none');
	if (world.clock.now() - code.drawnAt >= world.codeMs && HELD.includes(code.status))
		code.status = 'expired';
	if (code.status === 'need_verifycode' && query.verify_code !== undefined) {
		if (query.verify_code === world.number) code.status = 'scaned';
		else if (++code.wrong >= WRONG_NUMBERS) code.status = 'verify_code_blocked';
	}
	if (code.host && code.host !== host && code.status === 'scaned')
		return { ret: 0, status: 'scaned_but_redirect', redirect_host: code.host };
	if (!isOver && code.status === code.said && HELD.includes(code.status)) return undefined;
	code.said = code.status;
	if (!code.bot || code.status !== 'confirmed') return { ret: 0, status: code.status };
	const { token, botId, userId, baseUrl } = code.bot;
	return {
		ret: 0,
		status: 'confirmed',
		bot_token: token,
		ilink_bot_id: botId,
		ilink_user_id: userId,
		baseurl: baseUrl,
	};
}

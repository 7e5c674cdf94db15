import { randomBytes } from 'node:crypto';
import { printJson } from '../http/json';
import { linesOf, signBytes } from './crypt';
import { chooseKey } from './platform';
import type { PayV3Refusal } from './refusal';
import type { PayV3Fault } from './types';
import type { Answer, World } from './world';

/** From what was done to the bytes of an answer, and their signature. */

export interface Told {
	status: number;
	content: Buffer;
	type: keyof typeof CONTENT_TYPES;
	code: string;
}

export const CONTENT_TYPES = {
	json: 'application/json; charset=utf-8',
	file: 'application/octet-stream',
	page: 'text/html',
};

export function tell(answer: Answer): Told {
	if ('bytes' in answer) return { status: 200, content: answer.bytes, type: 'file', code: '' };
	if ('status' in answer) return { status: 204, content: Buffer.alloc(0), type: 'json', code: '' };
	return { status: 200, content: Buffer.from(printJson(answer.json)), type: 'json', code: '' };
}

export function tellRefusal({ status, code, words, detail }: PayV3Refusal): Told {
	const text = code === '' ? '' : printJson({ code, message: words, ...(detail && { detail }) });
	return { status, content: Buffer.from(text), type: 'json', code: code || `HTTP ${status}` };
}

const OLD_MS = 301_000;

export function signAnswer(
	world: World,
	content: Buffer,
	asked: string | undefined,
	{ isForged }: PayV3Fault,
): Record<string, string> {
	if (isForged === 'unsigned') return {};
	const { serial, privateKey } = chooseKey(world, asked);
	const ms = world.now() - (isForged === 'old' ? OLD_MS : 0);
	const time = String(Math.floor(ms / 1000));
	const nonce = randomBytes(16).toString('hex');
	const key = isForged === true ? world.keys.merchant.privateKey : privateKey;
	const signature = signBytes(key, linesOf(time, nonce, content));
	const probe = 'WECHATPAY/SIGNTEST/';
	return {
		'Wechatpay-Timestamp': time,
		'Wechatpay-Nonce': nonce,
		'Wechatpay-Signature': isForged === 'probe' ? probe + signature.slice(probe.length) : signature,
		'Wechatpay-Serial': isForged === 'unknownSerial' ? `${serial.slice(0, -1)}X` : serial,
		'Wechatpay-Signature-Type': 'WECHATPAY2-SHA256-RSA2048',
	};
}

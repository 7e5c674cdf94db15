import {
	createCipheriv,
	createDecipheriv,
	createHmac,
	hkdfSync,
	randomBytes,
	timingSafeEqual,
} from 'node:crypto';
import { UserError } from '../base/userError';

/** Hides and signs what leaves n8n and comes back, under keys made of the AppSecret. */
export interface SessionSeal {
	/** Text that only the same account of the same pack can open: what is secret may travel in items. */
	encrypt(value: object): string;
	/** Undefined when it was not closed here. */
	decrypt(text: string): Record<string, unknown> | undefined;
	/** A `state` for web authorization that carries `text` and holds until a time in milliseconds. */
	signState(text: string, until: number): string;
	/** The text of a state that was issued here and still holds. */
	verifyState(state: string, now: number): VerifiedState | 'forged' | 'expired';
}

export interface VerifiedState {
	text: string;
	/** Until when it holds, in milliseconds. */
	until: number;
}

/** WeChat takes 128 letters and digits as `state`: 32 for the signature, 7 for the time. */
export const MAX_STATE_TEXT = 128 - 32 - 7;

export function createSessionSeal(appSecret: string, appId: string): SessionSeal {
	const deriveKey = (purpose: string) =>
		Buffer.from(hkdfSync('sha256', appSecret, appId, `n8n-nodes-wechat-platform ${purpose}`, 32));
	const sign = (text: string) =>
		createHmac('sha256', deriveKey('state')).update(text).digest('hex').slice(0, 32);
	return {
		encrypt(value) {
			const iv = randomBytes(12);
			const cipher = createCipheriv('aes-256-gcm', deriveKey('session'), iv);
			const body = [cipher.update(JSON.stringify(value), 'utf8'), cipher.final()];
			return Buffer.concat([iv, cipher.getAuthTag(), ...body]).toString('base64url');
		},
		decrypt(text) {
			const bytes = Buffer.from(text, 'base64url');
			try {
				const decipher = createDecipheriv(
					'aes-256-gcm',
					deriveKey('session'),
					bytes.subarray(0, 12),
					{
						authTagLength: 16,
					},
				).setAuthTag(bytes.subarray(12, 28));
				const plain = Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]);
				return JSON.parse(plain.toString('utf8')) as Record<string, unknown>;
			} catch {
				return undefined;
			}
		},
		signState(text, until) {
			const signed =
				Math.floor(until / 1000)
					.toString(36)
					.padStart(7, '0') + text;
			return sign(signed) + signed;
		},
		verifyState(state, now) {
			const [given, signed] = [Buffer.from(state.slice(0, 32)), state.slice(32)];
			const expected = Buffer.from(sign(signed));
			if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'forged';
			const until = parseInt(signed.slice(0, 7), 36) * 1000;
			return until < now ? 'expired' : { text: signed.slice(7), until };
		},
	};
}

/** What a session may hold: the tokens of web authorization, or the key of a mini program. */
interface Session {
	openid: string;
	accessToken: string;
	refreshToken: string;
	sessionKey: string;
}

/**
 * Opens a session that holds what is needed.
 *
 * @throws {UserError} with `hint` when it was sealed elsewhere, or is of the other kind.
 */
export function openSession<K extends keyof Session>(
	{ seal }: { seal: SessionSeal },
	session: string,
	needed: K,
	hint: string,
): Pick<Session, K | 'openid'> {
	const opened = seal.decrypt(session);
	if (opened && needed in opened) return opened as Pick<Session, K | 'openid'>;
	throw new UserError(
		'The session is not valid here',
		hint,
		'“会话”在此处无效：请使用同一账号和凭据在登录时得到的 session。',
	);
}

import { createHash } from 'node:crypto';
import pairs from './releaseTestAccounts.json';
import type { AccountKind, SimAccount } from '../types';

/** The accounts of 全网发布检测 are public; what else an account has is made up from the AppID. */
function complete(kind: AccountKind, { appId, name }: { appId: string; name: string }): SimAccount {
	const made = (what: string) => createHash('sha256').update(`${what} ${appId}`);
	return {
		appId,
		secret: made('secret').digest('hex').slice(0, 32),
		token: made('token').digest('hex').slice(0, 16),
		encodingAESKey: made('key').digest('hex').slice(0, 43),
		name,
		mode: 'safe',
		format: 'xml',
		kind,
		nickName: `全网发布检测 ${name}`,
	};
}

/** One pair is drawn for a test. */
export const RELEASE_TEST_PAIRS = pairs.map(({ officialAccount, miniProgram }) => ({
	officialAccount: complete('officialAccount', officialAccount),
	miniProgram: complete('miniProgram', miniProgram),
}));

export const RELEASE_TEST_ACCOUNTS: SimAccount[] = RELEASE_TEST_PAIRS.flatMap((pair) =>
	Object.values(pair),
);

import '../support/env';
import { Container } from '@n8n/di';
import { Cipher } from 'n8n-core';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { createStateSection } from '../../nodes/api/state';
import { readOwner } from '../../nodes/n8n/credentials';
import { saveState } from '../../nodes/n8n/credentialFields';
import { createStateStore } from '../../nodes/n8n/stateStore';
import { openRuleStore, toRuleSection } from '../../nodes/replyRules/ruleStore';
import { createMatcher } from '../../nodes/replyRules/matcher';
import { MATCH_MODES, type MatchMode, type Rule } from '../../nodes/replyRules/rule';
import { DEFAULT_ACCOUNT } from '../simulator';

/** An account with many reply rules: its credential, encrypted as n8n does it. */

const TYPE = 'wechatOfficialAccountApi';
const cipher = Container.get(Cipher);

export interface Library {
	/** Bytes of the state. */
	size: number;
	/** Tries a text that no rule fits, so that all are looked at. */
	match(): void;
	/** The same where each rule is of one mode. */
	matchBy: Record<MatchMode, () => void>;
	/** Makes ready what `match` uses. */
	prepare(): void;
	/** Changes one rule, as a run of WeChat Reply does. */
	save(): Promise<void>;
}

const rule = (n: number, match: MatchMode): Rule => ({
	when: 'keyword',
	request: match === 'wildcard' ? `question ${n} * about ?` : `question ${n} 关键词`,
	match,
	reply: { MsgType: 'text', Content: `Answer ${n} 回复内容 `.repeat(8) },
	enabled: true,
	priority: n % 5,
});

const miss = () => {
	// About as long as people write, and the beginning is that of every keyword.
	const message = { MsgType: 'text', Content: `question ${'请问你们的营业时间是什么 '.repeat(4)}` };
	return (find: ReturnType<typeof createMatcher>) => () => {
		if (find(message)) throw new Error('a rule was found');
	};
};

export async function libraryOf(count: number): Promise<Library> {
	const credential: ICredentialDataDecryptedObject = {
		appId: DEFAULT_ACCOUNT.appId,
		appSecret: DEFAULT_ACCOUNT.secret,
	};
	/** The column of n8n's database. */
	let record = cipher.encrypt(credential);
	const context = {
		getNode: () => ({ name: 'Reply', credentials: { [TYPE]: { id: `${count} rules` } } }),
		getCredentials: async () =>
			JSON.parse(cipher.decrypt(record)) as ICredentialDataDecryptedObject,
		helpers: {
			// What n8n does with it, see test/support/credentials.ts; its database comes on top.
			async httpRequestWithAuthentication(
				_: string,
				__: object,
				{ credentialsDecrypted: { data } }: { credentialsDecrypted: { data: typeof credential } },
			) {
				record = cipher.encrypt({ ...data, ...(await saveState(data)) });
			},
		},
		logger: console,
	};
	const store = createStateStore(context as never, TYPE, readOwner(TYPE, credential));
	const shelf = createStateSection(store, toRuleSection(DEFAULT_ACCOUNT.appId));
	const all = (mode?: MatchMode) =>
		Array.from({ length: count }, (_, n) => rule(n, mode ?? MATCH_MODES[n % MATCH_MODES.length]));
	const book = await openRuleStore(shelf);
	for (const one of all()) book.put(one);
	await book.save();

	let saved = 0;
	async function save(): Promise<void> {
		const opened = await openRuleStore(shelf);
		opened.put({ ...rule(0, 'exact'), priority: ++saved });
		await opened.save();
	}
	const tried = miss();
	return {
		size: Buffer.byteLength(String((await context.getCredentials()).state)),
		match: tried(createMatcher(all())),
		matchBy: Object.fromEntries(
			MATCH_MODES.map((mode) => [mode, tried(createMatcher(all(mode)))]),
		) as Library['matchBy'],
		prepare: () => void createMatcher(all()),
		save,
	};
}

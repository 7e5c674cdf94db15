import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '../../../nodes/api/state';
import { runCommand } from '../services/command';
import { createN8nVariables } from './environmentVariables';
import type { TestEnvironment } from '../testEnvironment';

/** What n8n has stored in a credential, as its own export command tells it. */
export async function readStoredCredential(
	{ n8nFiles, userFolder }: Pick<TestEnvironment, 'n8nFiles' | 'userFolder'>,
	id: string,
): Promise<Record<string, unknown>> {
	const folder = mkdtempSync(join(tmpdir(), 'wechat-export-'));
	const file = join(folder, 'credentials.json');
	try {
		const args = ['export:credentials', `--id=${id}`, '--decrypted', `--output=${file}`];
		const env = createN8nVariables(n8nFiles, userFolder, 0, 0);
		await runCommand(n8nFiles.node, [n8nFiles.bin, ...args], { env });
		const [{ data }] = JSON.parse(readFileSync(file, 'utf8')) as [
			{ data: Record<string, unknown> },
		];
		return data;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Everything in a platform's credential with which somebody could act for it or for an account. */
export function listSecrets(credential: Record<string, unknown>): string[] {
	const { appSecret, token, encodingAesKey } = credential;
	const state = JSON.parse(String(credential.state)) as State;
	const grants = Object.values(state.accounts ?? {});
	return [
		appSecret,
		token,
		encodingAesKey,
		state.ticket?.value,
		state.token?.value,
		...grants.flatMap((grant) => [grant.token?.value, grant.refreshToken]),
	].filter((secret): secret is string => typeof secret === 'string' && secret !== '');
}

/**
 * How secrets look that WeChat makes, whatever their value. A token has 139 characters: longer texts, such as those that
 * the pack seals, hold anything.
 */
export const WECHAT_SECRETS =
	/(?:ticket|refreshtoken|queryauthcode|preauthcode)@@@|access_token|(?<![\w-])\d{2}_[\w-]{136}(?![\w-])/g;

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { State } from '../../../nodes/api/state';
import { run } from '../services/command';
import { n8nEnvironment } from './environment';
import type { Stage } from './stage';

/** What n8n has stored in a credential, as its own export command tells it. */
export async function storedIn(
	{ n8nFiles, userFolder }: Pick<Stage, 'n8nFiles' | 'userFolder'>,
	id: string,
): Promise<Record<string, unknown>> {
	const folder = mkdtempSync(join(tmpdir(), 'wechat-export-'));
	const file = join(folder, 'credentials.json');
	try {
		const args = ['export:credentials', `--id=${id}`, '--decrypted', `--output=${file}`];
		const env = n8nEnvironment(n8nFiles, userFolder, 0, 0);
		await run(process.execPath, [n8nFiles.bin, ...args], { env });
		const [{ data }] = JSON.parse(readFileSync(file, 'utf8')) as [
			{ data: Record<string, unknown> },
		];
		return data;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Everything in a platform's credential with which somebody could act for it or for an account. */
export function secretsIn(credential: Record<string, unknown>): string[] {
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

/** How secrets look that WeChat makes, whatever their value. */
export const MADE_BY_WECHAT =
	/(?:ticket|refreshtoken|queryauthcode|preauthcode)@@@|access_token|\b\d{2}_[\w-]{136}/g;

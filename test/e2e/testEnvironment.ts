import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../simulator';
import { cleanUpAtEnd } from './services/cleanup';
import { runCommand } from './services/command';
import { installN8n, type N8n } from './n8n/install';
import { startN8n, type RunningN8n } from './n8n/startN8n';
import { installPack, createTarball } from './n8n/pack';
import { startSimulatorWithPlatform } from './actors/platform';
import { type Session, openSession } from './n8n/session';

/** A real n8n with the packed pack in it, and a WeChat to talk to. All of it ends with the script. */
export interface TestEnvironment {
	/** For those who start another one. */
	n8nFiles: N8n;
	n8n: RunningN8n;
	session: Session;
	simulator: Simulator;
	tarball: string;
	userFolder: string;
}

/** What a real n8n is started from: its files, the packed pack, and a folder that is removed at the end. */
export async function prepareFiles(say: (line: string) => void, version?: string) {
	const n8nFiles = await installN8n(say, version);
	const folder = mkdtempSync(join(tmpdir(), 'wechat-n8n-'));
	cleanUpAtEnd(() => rmSync(folder, { recursive: true, force: true }));
	const tarball = await createTarball(say, folder);
	return { n8nFiles, folder, tarball };
}

export async function startTestEnvironment(
	say: (line: string) => void,
	{ version, port }: { version?: string; port?: number } = {},
): Promise<TestEnvironment> {
	const { n8nFiles, folder, tarball } = await prepareFiles(say, version);
	const userFolder = join(folder, 'user');
	await installPack(userFolder, tarball);

	const simulator = await startSimulatorWithPlatform({ followers: 25 });
	cleanUpAtEnd(async () => await simulator.close());

	const began = Date.now();
	const n8n = await startN8n({ n8n: n8nFiles, userFolder, port });
	const session = await openSession(n8n.url);
	const seconds = ((Date.now() - began) / 1000).toFixed(1);
	const node = await runCommand(n8nFiles.node, ['--version']);
	say(`n8n ${n8nFiles.version} on Node.js ${node.trim()} is up after ${seconds} s`);
	return { n8nFiles, n8n, session, simulator, tarball, userFolder };
}

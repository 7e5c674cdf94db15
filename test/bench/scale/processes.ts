import { fork, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { cleanUpAtEnd, stopChild, trackProcess } from '../../e2e/services/cleanup';
import type { PackProcessNews, PackProcessSettings } from './packProcess';
import { FileCredentials, writeCredential } from './sharedFile';

/** Processes that share a credential, as those of one n8n do. */
export interface PackProcesses {
	all: PackProcess[];
	/** What is stored in the credential, for those who look. */
	credentials: FileCredentials;
	/** What each run has written, one after the other, of processes that were killed too. */
	listRuns(): string[];
	stop(): Promise<void>;
}

export interface PackProcess {
	/** Of WeChat Trigger. */
	readonly url: string;
	/** Runs of the busy node that have ended well, of each row of runs; told 20 times a second. */
	readonly done: number[];
	/** Why runs of the busy node have failed. */
	readonly failures: string[];
	/** As a power cut does it. */
	kill(): Promise<void>;
	/** Starts it anew, at another address. */
	start(): Promise<void>;
}

interface Start extends Omit<PackProcessSettings, 'file' | 'runsFile'> {
	credential: ICredentialDataDecryptedObject;
	count: number;
}

export async function startProcesses({
	credential,
	count,
	...settings
}: Start): Promise<PackProcesses> {
	const folder = mkdtempSync(join(tmpdir(), 'wechat-processes-'));
	cleanUpAtEnd(() => rmSync(folder, { recursive: true, force: true }));
	const file = join(folder, 'credential.json');
	const runsFile = join(folder, 'runs');
	writeCredential(file, credential);
	writeFileSync(runsFile, '');
	const all = Array.from({ length: count }, () =>
		createPackProcess({ file, runsFile, ...settings }),
	);
	await Promise.all(all.map(async (one) => await one.start()));
	return {
		all,
		credentials: new FileCredentials(file, settings.type),
		listRuns: () => readFileSync(runsFile, 'utf8').split('\n').filter(Boolean),
		stop: async () => void (await Promise.all(all.map(async (one) => await one.kill()))),
	};
}

function createPackProcess(settings: PackProcessSettings): PackProcess {
	let child: ChildProcess | undefined;
	const state = { url: '', done: [] as number[], failures: [] as string[] };
	return Object.assign(state, {
		kill: async () => {
			if (child) await stopChild(child, { signal: 'SIGKILL' });
		},
		start: async () => {
			const started = fork(join(__dirname, 'packProcess.ts'), [
				'webhook',
				JSON.stringify(settings),
			]);
			child = started;
			trackProcess(started);
			await new Promise<void>((resolve, reject) => {
				started.once('exit', (code) => reject(new Error(`A process ended with ${code}.`)));
				started.on('message', (news: PackProcessNews) => {
					if ('failed' in news) state.failures.push(news.failed);
					else if ('done' in news) state.done = news.done;
					else {
						state.url = news.url;
						resolve();
					}
				});
			});
		},
	});
}

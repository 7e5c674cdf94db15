import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './command';
import { cleanUpAtEnd } from './cleanup';

type Say = (line: string) => void;

/** Programs that are not ours, and the Debian package that has them. */
export interface Programs {
	debianPackage: string;
	/** The folder that has all of them. */
	find(): string | undefined;
}

/** A folder of PATH, or one of `others`, with all the programs. */
export function findFolder(programs: string[], others: string[] = []): string | undefined {
	return [...(process.env.PATH ?? '').split(delimiter), ...others].find((folder) =>
		programs.every((program) => existsSync(join(folder, program))),
	);
}

/** Where the programs are, after an installation of those that are missing. */
export async function findOrInstall(wanted: Programs[], say: Say): Promise<string[]> {
	const missing = wanted.filter(({ find }) => !find()).map(({ debianPackage }) => debianPackage);
	if (missing.length > 0) await install(missing, say);
	return wanted.map(({ debianPackage, find }) => {
		const folder = find();
		if (!folder) throw new Error(`The package ${debianPackage} has not what these tests need.`);
		return folder;
	});
}

async function install(packages: string[], say: Say): Promise<void> {
	const args = ['install', '-y', '--no-install-recommends', ...packages];
	if (!existsSync('/etc/debian_version')) {
		throw new Error(`Missing: ${packages.join(', ')}. Install them and try again.`);
	}
	if (process.getuid?.() !== 0) {
		throw new Error(
			`Missing: ${packages.join(', ')}. Install with: sudo apt-get ${args.join(' ')}`,
		);
	}
	say(`Installing ${packages.join(' and ')} with apt-get, without starting them as services`);
	const allow = forbidServices();
	try {
		await aptGet(args).catch(async () => {
			await aptGet(['update']);
			await aptGet(args);
		});
	} finally {
		allow();
	}
}

async function aptGet(args: string[]): Promise<void> {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	await runCommand('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], { env });
}

/** Debian's packages start what they install, and make a database of their own, unless told not to. */
const ORDERS = [
	{ file: '/usr/sbin/policy-rc.d', text: '#!/bin/sh\nexit 101\n' },
	{
		file: '/etc/postgresql-common/createcluster.d/for-wechat-tests.conf',
		text: 'create_main_cluster = false\n',
	},
];

/** Answers how to take that back. What the computer had before stays. */
function forbidServices(): () => void {
	const ours = ORDERS.filter(({ file }) => !existsSync(file));
	for (const { file, text } of ours) {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text, { mode: 0o755 });
	}
	const takeBack = () => ours.forEach(({ file }) => rmSync(file, { force: true }));
	cleanUpAtEnd(takeBack);
	return takeBack;
}

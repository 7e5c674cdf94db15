import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type User } from './command';
import { startDaemon } from './daemon';
import { LOOPBACK, freePorts } from './ports';
import { findFolder, type Programs } from './programs';

export const POSTGRES: Programs = {
	debianPackage: 'postgresql',
	find: () => findFolder(['initdb', 'pg_isready', 'postgres'], debianFolders()),
};

// initdb makes both.
const DATABASE = 'postgres';
const SUPERUSER = 'n8n';

/** A PostgreSQL of our own, empty. Answers what n8n has to be told to use it. */
export async function startPostgres(
	programs: string,
	folder: string,
): Promise<{ child: ChildProcess; env: Record<string, string> }> {
	const [port = 0] = await freePorts(1);
	const user = await unprivilegedUser();
	const data = join(folder, 'postgres');
	mkdirSync(data, { mode: 0o700 });
	if (user) chownSync(data, user.uid, user.gid);

	const surroundings = { cwd: '/', env: { LC_ALL: 'C', PATH: process.env.PATH }, user };
	const account = ['-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'];
	await runCommand(join(programs, 'initdb'), ['-D', data, ...account], surroundings);

	const settings = [
		`port=${port}`,
		`listen_addresses=${LOOPBACK}`,
		'unix_socket_directories=',
		'fsync=off',
	];
	const isReady = join(programs, 'pg_isready');
	const child = await startDaemon({
		...surroundings,
		name: 'PostgreSQL',
		command: join(programs, 'postgres'),
		args: ['-D', data, ...settings.flatMap((setting) => ['-c', setting])],
		logFile: join(folder, 'postgres.log'),
		isReady: async () =>
			await runCommand(isReady, ['-h', LOOPBACK, '-p', String(port), '-U', SUPERUSER]).then(
				() => true,
				() => false,
			),
		// Told to terminate it would wait for its clients to go.
		leave: { signal: 'SIGINT', afterOthers: true },
	});
	return {
		child,
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: LOOPBACK,
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: DATABASE,
			DB_POSTGRESDB_USER: SUPERUSER,
			DB_POSTGRESDB_PASSWORD: 'not asked for',
		},
	};
}

/** Debian keeps the programs out of PATH, in a folder for each version. */
function debianFolders(): string[] {
	const root = '/usr/lib/postgresql';
	const versions = existsSync(root) ? readdirSync(root) : [];
	return versions
		.sort((one, other) => Number(other) - Number(one))
		.map((version) => join(root, version, 'bin'));
}

/** PostgreSQL refuses to run as root; its package has made a user for it. */
async function unprivilegedUser(): Promise<User | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const [uid, gid] = await Promise.all(
		['-u', '-g'].map((what) => runCommand('id', [what, 'postgres'])),
	);
	return { uid: Number(uid), gid: Number(gid) };
}

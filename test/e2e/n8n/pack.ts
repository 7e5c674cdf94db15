import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npm } from './npm';

const repository = resolve(__dirname, '..', '..', '..');

/** The tarball as it would be published; `npm run build` has to have run before. */
export async function createTarball(
	say: (line: string) => void,
	folder = mkdtempSync(join(tmpdir(), 'wechat-pack-')),
): Promise<string> {
	if (!existsSync(join(repository, 'dist', 'nodes'))) {
		throw new Error('There is nothing to pack: run npm run build first.');
	}
	mkdirSync(folder, { recursive: true });
	// Without --ignore-scripts prepack would build again, under an n8n that may be running from dist.
	const out = await npm(
		['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
		repository,
	);
	const [packed] = JSON.parse(out) as Array<{ filename: string; size: number; files: unknown[] }>;
	if (!packed) throw new Error('npm pack named no file.');
	say(
		`Packed ${packed.filename}: ${packed.files.length} files, ${Math.ceil(packed.size / 1024)} kB`,
	);
	return join(folder, packed.filename);
}

/**
 * What n8n's own installer of community nodes does, except that the tarball does not come from the
 * registry: n8n loads every n8n-nodes-* folder that it finds under .n8n/nodes/node_modules.
 */
export async function installPack(userFolder: string, tarball: string): Promise<void> {
	const nodes = join(userFolder, '.n8n', 'nodes');
	mkdirSync(nodes, { recursive: true });
	const manifest = join(nodes, 'package.json');
	if (!existsSync(manifest)) {
		const empty = { name: 'installed-nodes', private: true, dependencies: {} };
		writeFileSync(manifest, JSON.stringify(empty));
	}
	await npm(
		[
			'install',
			tarball,
			// n8n itself provides n8n-workflow, the peer.
			'--legacy-peer-deps',
			'--ignore-scripts',
			'--omit=dev',
			'--install-strategy=nested',
			'--no-package-lock',
		],
		nodes,
	);
}

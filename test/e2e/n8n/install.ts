import {
	existsSync,
	mkdirSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { buildAddons, warnAboutTools } from './nativeAddons';
import { cleanUpAtEnd } from '../services/cleanup';
import { withLock } from '../services/folderLock';
import { npm } from './npm';
import { findOrInstallNode } from './nodeJs';
import { findOwnRecipe, findRecipe, type Recipe } from './recipe';

type Say = (line: string) => void;

export interface N8n {
	dir: string;
	version: string;
	/** The Node.js that it runs on. */
	node: string;
	/** The file to start with it. */
	bin: string;
}

/** A folder with an n8n that is already installed, for the running Node.js: it takes the place of ours. */
export const findForeignN8n = (): string | undefined => process.env.WECHAT_N8N_DIR || undefined;

/**
 * An n8n with the Node.js that it runs on, by default the one for the running Node.js. Both are installed once and
 * kept outside the repository (1.6 to 2.4 GB); WECHAT_N8N_CACHE names another place for them.
 */
export async function installN8n(say: Say, version?: string): Promise<N8n> {
	const foreign = findForeignN8n();
	if (foreign) return describe(foreign, process.execPath);

	const recipe = version ? findRecipe(version) : findOwnRecipe();
	const node = await findOrInstallNode(recipe.node, cacheFolder(), say);
	const dir = join(cacheFolder(), `n8n-${recipe.version}-node${recipe.node}`);
	if (isComplete(dir, recipe)) return describe(dir, node);

	mkdirSync(dirname(dir), { recursive: true });
	await withLock(`${dir}.lock`, say, async () => {
		if (!isComplete(dir, recipe)) await installInto(dir, recipe, node, say);
	});
	return describe(dir, node);
}

function cacheFolder(): string {
	if (process.env.WECHAT_N8N_CACHE) return process.env.WECHAT_N8N_CACHE;
	const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
	return join(base, 'n8n-nodes-wechat-platform');
}

const MARKER = 'complete.json';

function markerText(recipe: Recipe): string {
	return JSON.stringify(recipe.manifest, null, 2);
}

/** The marker holds the recipe, so that a changed recipe installs anew. */
function isComplete(dir: string, recipe: Recipe): boolean {
	const marker = join(dir, MARKER);
	return (
		existsSync(marker) &&
		existsSync(binOf(dir)) &&
		readFileSync(marker, 'utf8') === markerText(recipe)
	);
}

/** Everything happens in a folder of another name, so that a half-made one is never taken for n8n. */
async function installInto(dir: string, recipe: Recipe, node: string, say: Say): Promise<void> {
	removeLeftovers(dir);
	const partial = `${dir}.partial-${process.pid}`;
	mkdirSync(partial);
	cleanUpAtEnd(() => rmSync(partial, { recursive: true, force: true }));
	writeFileSync(join(partial, 'package.json'), JSON.stringify(recipe.manifest, null, 2));

	say(`Installing n8n ${recipe.version} into ${dir} (once; takes 2 to 4 minutes)`);
	warnAboutTools(say);
	const stopTelling = tellProgress(partial, say);
	try {
		const env = { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1', PUPPETEER_SKIP_DOWNLOAD: '1' };
		await npm(['install', ...recipe.installFlags], partial, env, node);
		await buildAddons(partial, recipe.addons, node, say);
	} finally {
		stopTelling();
	}

	writeFileSync(join(partial, MARKER), markerText(recipe));
	rmSync(dir, { recursive: true, force: true });
	renameSync(partial, dir);
	say(`Installed n8n ${recipe.version}`);
}

/** We hold the lock: whoever made these was interrupted. */
function removeLeftovers(dir: string): void {
	const prefix = `${basename(dir)}.partial-`;
	for (const name of readdirSync(dirname(dir)).filter((entry) => entry.startsWith(prefix))) {
		rmSync(join(dirname(dir), name), { recursive: true, force: true });
	}
}

function tellProgress(folder: string, say: Say): () => void {
	const began = Date.now();
	const timer = setInterval(() => {
		const packages = countUnpacked(join(folder, 'node_modules'));
		const what = packages > 0 ? `${packages} packages unpacked` : 'npm is working out the versions';
		say(`  ${Math.round((Date.now() - began) / 1000)} s, ${what}`);
	}, 10_000);
	return () => clearInterval(timer);
}

/** npm makes all folders at once and fills them one by one. */
function countUnpacked(modules: string): number {
	const named = (folder: string) =>
		existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : [];
	const paths = named(modules).flatMap((name) =>
		name.startsWith('@') ? named(join(modules, name)).map((inner) => join(name, inner)) : [name],
	);
	return paths.filter((path) => existsSync(join(modules, path, 'package.json'))).length;
}

function binOf(dir: string): string {
	return join(dir, 'node_modules', 'n8n', 'bin', 'n8n');
}

function describe(dir: string, node: string): N8n {
	const bin = binOf(dir);
	if (!existsSync(bin)) throw new Error(`There is no n8n in ${dir}: ${bin} is missing.`);
	const manifest = join(dir, 'node_modules', 'n8n', 'package.json');
	const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
	return { dir, version, node, bin };
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { renderArticle, type RenderedArticle } from '../../nodes/article/renderArticle';
import { benchDrafts } from './drafts';
import { compare, median, ratioOf, rounds } from './measure';
import { say } from './results';

/**
 * `npm run bench -- --articles`: Markdown to the content of an article, beside @wenyan-md/core, which the tools of this
 * field are made of. It is called as its own command line calls it.
 */

const FOLDER = join(__dirname, 'articlePeers');
const PEER = pathToFileURL(join(FOLDER, 'node_modules/@wenyan-md/core/dist/wrapper.js')).href;
const OURS = join(__dirname, '../../dist/nodes/article/renderArticle.js');
const TEXT = readFileSync(join(__dirname, '../fixtures/articles/weekend.md'), 'utf8');
const LOOK = { theme: 'lines', links: 'references' } as const;
const PEER_LOOK = {
	theme: 'default',
	highlight: 'solarized-light',
	macStyle: true,
	footnote: true,
};
const LOADS = 7;

interface Peer {
	prepareRenderContext(
		text: string,
		options: typeof PEER_LOOK,
		read: (text: string) => Promise<{ content: string }>,
	): Promise<{ gzhContent: { content: string } }>;
}

/** The fixture with that many pictures from one server, at the end of its parts. */
function createText(pictures: number, origin = 'https://pictures.example.com'): string {
	const parts = TEXT.replace(/^!\[.*\n/gm, '').split(/\n(?=## )/);
	for (let at = 0; at < pictures; at++)
		parts[1 + (at % (parts.length - 1))] += `\n![${at}](${origin}/${at}.jpg)\n`;
	return parts.join('\n');
}

const toContent = ({ pictures, toContent: write }: RenderedArticle): string =>
	write(new Map(pictures.map(({ address }) => [address, address])));

const renderOurs = async (text: string): Promise<string> =>
	toContent(await renderArticle({ format: 'markdown', text }, LOOK));

/** Installs what the lock file says. */
function installPeer(): void {
	execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
		cwd: FOLDER,
		stdio: ['ignore', 'ignore', 'inherit'],
	});
}

const bothIn = (content: string) =>
	content.includes('为什么要自动化') && content.includes('/9.jpg') && content.includes('thumbnail');

async function benchRendering(): Promise<void> {
	const peer = (await import(PEER)) as Peer;
	const text = createText(10);
	const works = {
		ours: async () => await renderOurs(text),
		peer: async () =>
			(await peer.prepareRenderContext(text, PEER_LOOK, async (content) => ({ content })))
				.gzhContent.content,
	};
	const [mine, theirs] = [await works.ours(), await works.peer()];
	if (!bothIn(mine) || !bothIn(theirs)) throw new Error('something of the article is missing');
	const { ours, peer: other } = await rounds(works);
	const { median: middle, low, high } = ratioOf(ours, other);
	const ms = (times: number[]) => `${(median(times) / 1000).toFixed(1)} ms`;
	say(
		`Rendering ${(Buffer.byteLength(text) / 1024).toFixed(1)} KB with 10 pictures: CPU ${ms(ours)}, @wenyan-md/core ${ms(other)}: ${middle.toFixed(2)} x (${low.toFixed(2)} to ${high.toFixed(2)})`,
	);
	say(
		`Content: ${[...mine].length} characters, @wenyan-md/core ${[...theirs].length}; WeChat takes 19,999`,
	);
}

/** In a process of its own: the module, then all that an article of one word needs, then the first article. */
const loadScript = `
const [mine, module, file, look] = JSON.parse(process.argv[1]);
const text = require('node:fs').readFileSync(file, 'utf8');
global.gc();
const memory = () => { global.gc(); const { heapUsed, external } = process.memoryUsage(); return heapUsed + external; };
const [before, began] = [memory(), performance.now()];
const steps = [];
let lost = 0;
const step = () => {
	const ms = performance.now() - began - lost;
	const mb = (memory() - before) / 2 ** 20;
	steps.push({ ms, mb });
	lost = performance.now() - began - ms;
};
(async () => {
	const loaded = mine ? require(module) : await import(module);
	step();
	const render = mine
		? async (text) => (await loaded.renderArticle({ format: 'markdown', text }, look)).toContent(new Map())
		: async (text) => await loaded.prepareRenderContext(text, look, async (content) => ({ content }));
	await render('word');
	step();
	await render(text);
	step();
	console.log(JSON.stringify(steps));
})();
`;

interface Step {
	ms: number;
	mb: number;
}

function loadOnce(...args: [mine: boolean, module: string, file: string, look: object]): Step[] {
	const out = execFileSync(
		process.execPath,
		['--expose-gc', '--no-deprecation', '-e', loadScript, JSON.stringify(args)],
		// The peer keeps its settings at home.
		{ encoding: 'utf8', env: { ...process.env, HOME: tmpdir() } },
	);
	return JSON.parse(out) as Step[];
}

function benchLoad(): void {
	const file = join(__dirname, '../fixtures/articles/weekend.md');
	const loads = { ours: [] as Step[][], peer: [] as Step[][] };
	for (let turn = 0; turn < LOADS; turn++) {
		loads.ours.push(loadOnce(true, OURS, file, LOOK));
		loads.peer.push(loadOnce(false, PEER, file, PEER_LOOK));
	}
	['Loading the module', 'and all that a first word needs', 'and a first article'].forEach(
		(what, at) => {
			const of = (steps: Step[][], key: keyof Step) => median(steps.map((one) => one[at][key]));
			const [ms, mb] = [of(loads.ours, 'ms'), of(loads.ours, 'mb')];
			const [otherMs, otherMb] = [of(loads.peer, 'ms'), of(loads.peer, 'mb')];
			say(
				`${what}: ${ms.toFixed(0)} ms, ${mb.toFixed(1)} MB; @wenyan-md/core ${otherMs.toFixed(0)} ms, ${otherMb.toFixed(1)} MB: ${(ms / otherMs).toFixed(2)} x, ${(mb / otherMb).toFixed(2)} x`,
			);
		},
	);
}

/** Four times the text must not take more than about four times the time. */
async function benchLongTexts(): Promise<void> {
	const body = TEXT.replace(/^---[^]*?---\n/, '').replace(/^\[\^1\].*$/m, '');
	const ofSize = (kilobytes: number) =>
		body.repeat(Math.ceil((kilobytes * 1024) / Buffer.byteLength(body)));
	const { short, long, few, many } = await compare({
		short: async () => await renderOurs(ofSize(75)),
		long: async () => await renderOurs(ofSize(300)),
		few: async () => await renderOurs(createText(50)),
		many: async () => await renderOurs(createText(200)),
	});
	say(
		`300 KB of Markdown: ${(long / 1000).toFixed(0)} ms, 75 KB ${(short / 1000).toFixed(0)} ms: ${(long / short).toFixed(1)} x; 200 pictures ${(many / 1000).toFixed(0)} ms, 50 ${(few / 1000).toFixed(0)} ms: ${(many / few).toFixed(1)} x`,
	);
}

export async function benchArticles(): Promise<void> {
	installPeer();
	await benchRendering();
	benchLoad();
	await benchLongTexts();
	if (!(await benchDrafts(createText))) process.exitCode = 1;
}

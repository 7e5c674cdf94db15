import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** What a command prints, and the page on which its last words are kept (`--write`). */

const PAGE = join(__dirname, 'RESULTS.md');
const HEAD =
	'# Results\n\nWhat the commands below printed last; each writes its own part when it is given `--write`.\n';
/** The last heading of the page. */
export const SCENARIOS = 'Scenarios on both n8n versions';
const said: string[] = [];

/** Prints a line, and remembers it. */
export function say(line = ''): void {
	console.log(line);
	said.push(line);
}

/** What the figures depend on. */
export const sayMachine = (): void => say(describeMachine());

export function describeMachine(): string {
	const date = new Date().toISOString().slice(0, 10);
	const [{ model }, { length }] = [cpus()[0], cpus()];
	return `${date}, Node.js ${process.version}, ${length} x ${model.trim()}, commit ${commit()}`;
}

/** The command as it was entered, which the page calls its part by. */
export function findCommand(args: string[] = process.argv.slice(2)): string {
	const options = args.filter((arg) => arg !== '--write');
	return ['npm run bench', ...(options.length > 0 ? ['--', ...options] : [])].join(' ');
}

/** Keeps what was said as the part of this command, when the command line asks for it. */
export function keep(command: string): void {
	if (!process.argv.includes('--write')) return;
	writeResults((page) => withPart(page, command, said.join('\n').trim()));
}

/** Changes the page of results, and the list at its top with it. */
export function writeResults(change: (page: string) => string): void {
	const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : HEAD;
	writeFileSync(PAGE, withOverview(change(page)));
}

/** The page with one part replaced, or added at the end. */
export const withPart = (page: string, command: string, text: string): string =>
	withSection(page, `\`${command}\``, `\`\`\`text\n${text}\n\`\`\``);

/** The page with what stands under a heading replaced. New ones come at the end, but the scenarios stay there. */
export function withSection(page: string, heading: string, body: string): string {
	const title = `## ${heading}\n`;
	const section = `${title}\n${body}\n`;
	const start = page.indexOf(title);
	const last = page.indexOf(`\n## ${SCENARIOS}\n`);
	if (start < 0 && last < 0) return `${page}\n${section}`;
	if (start < 0) return `${page.slice(0, last)}\n${section}${page.slice(last)}`;
	const next = page.indexOf('\n## ', start);
	return page.slice(0, start) + section + (next < 0 ? '' : page.slice(next));
}

const [BEGIN, END] = ['<!-- the list begins -->', '<!-- the list ends -->'];

/** The page with its list of commands: when each was run last, and with what. */
export function withOverview(page: string): string {
	const [start, end] = [page.indexOf(BEGIN), page.indexOf(END)];
	if (start < 0 || end < start) return page;
	const parts = page.split('\n## `').slice(1);
	const lines = parts.map((part) => {
		const command = part.slice(0, part.indexOf('`'));
		const anchor = command.replace(/[^\w -]/g, '').replaceAll(' ', '-');
		const find = (pattern: RegExp) => pattern.exec(part)?.[1] ?? '–';
		const cells = [
			`[\`${command}\`](#${anchor})`,
			find(/(\d{4}-\d\d-\d\d)/),
			find(/n8n (\d+\.\d+\.\d+)/),
			find(/Node\.js v(\d+\.\d+\.\d+)/),
			find(/commit ([\da-f]{7}(?:-dirty)?)/),
		];
		return `| ${cells.join(' | ')} |`;
	});
	const head = ['| Command | Run on | n8n | Node.js | Commit |', '| --- | --- | --- | --- | --- |'];
	return `${page.slice(0, start)}${BEGIN}\n\n${[...head, ...lines].join('\n')}\n\n${page.slice(end)}`;
}

/** The commit, and whether files differ from it: the page itself does as soon as one command has written to it. */
function commit(): string {
	const git = (...args: string[]) =>
		execFileSync('git', args, { cwd: __dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
	try {
		const changed = git('status', '--porcelain', '-uno', '--', ':/', `:(exclude)${PAGE}`);
		return `${git('rev-parse', '--short=7', 'HEAD')}${changed ? '-dirty' : ''}`;
	} catch {
		return 'unknown';
	}
}

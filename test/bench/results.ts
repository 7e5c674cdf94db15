import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** What a command prints, and the page on which its last words are kept (`--write`). */

const PAGE = join(__dirname, 'RESULTS.md');
const HEAD =
	'# Results\n\nWhat the commands below printed last; each writes its own part when it is given `--write`.\n';
const said: string[] = [];

/** Prints a line, and remembers it. */
export function say(line = ''): void {
	console.log(line);
	said.push(line);
}

/** What the figures depend on. */
export function sayMachine(): void {
	const date = new Date().toISOString().slice(0, 10);
	const [{ model }, { length }] = [cpus()[0], cpus()];
	say(`${date}, Node.js ${process.version}, ${length} x ${model.trim()}, commit ${commit()}`);
}

/** Keeps what was said as the part of this command, when the command line asks for it. */
export function keep(command: string): void {
	if (!process.argv.includes('--write')) return;
	const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : HEAD;
	writeFileSync(PAGE, withPart(page, command, said.join('\n').trim()));
}

/** The page with one part replaced, or added at the end. */
export function withPart(page: string, command: string, text: string): string {
	const title = `## \`${command}\`\n`;
	const part = `${title}\n\`\`\`text\n${text}\n\`\`\`\n`;
	const start = page.indexOf(title);
	if (start < 0) return `${page}\n${part}`;
	const next = page.indexOf('\n## ', start);
	return page.slice(0, start) + part + (next < 0 ? '' : page.slice(next));
}

function commit(): string {
	try {
		const args = ['describe', '--always', '--dirty', '--abbrev=7'];
		return execFileSync('git', args, { cwd: __dirname, encoding: 'utf8', stdio: 'pipe' }).trim();
	} catch {
		return 'unknown';
	}
}

import { existsSync, readFileSync } from 'node:fs';

export const readLog = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');

export function tail(text: string, lines = 15): string {
	return text.trimEnd().split('\n').slice(-lines).join('\n');
}

// n8n itself may be installed in a cache folder of the same name.
const OF_PACK = /n8n-nodes-wechat-platform(?!\/n8n-)/;

/** n8n 2.41 logs the stack of each failed run; some files of ours have "Error" in their names. */
const FRAME = /^\s+at /;

/** What n8n did not like about this pack. */
export function listPackErrors(log: string): string[] {
	return log
		.split('\n')
		.filter(
			(line) => OF_PACK.test(line) && /error|fail|could not/i.test(line) && !FRAME.test(line),
		);
}

// V8 ends its sentence there; the pack's own error about a field goes on with the place.
const UNCAUGHT =
	/is not valid JSON(?! at line)|Cannot read propert|Cannot set headers|is not a function/;

/** What went wrong behind the back of the pack: its name is not in these lines. */
export const listUncaughtErrors = (log: string) =>
	log.split('\n').filter((line) => UNCAUGHT.test(line));

/** Custom properties (`--name`) that count for an element, with what stands for them. */
export type Variables = ReadonlyMap<string, string>;

/** Longer values only come of variables that double each other. */
const MAX_VALUE = 2000;
/** Variables in one value, those in what they stand for counted. */
const MAX_USES = 100;

/** Reads the custom properties among the styles of an element, together with those around it. */
export function readVariables(
	styles: ReadonlyMap<string, string>,
	around: Variables = new Map(),
): Variables {
	const own = [...styles].filter(([property]) => property.startsWith('--'));
	return own.length === 0 ? around : new Map([...around, ...own]);
}

/**
 * Resolves `var(--name, fallback)` in a value; undefined when a name means nothing and there is no fallback, when
 * variables go in a circle, or when the value grows beyond 2,000 characters or 100 variables.
 *
 * @see https://www.w3.org/TR/css-variables-1/#using-variables
 */
export function resolveVariables(
	value: string,
	variables: Variables,
	uses = { left: MAX_USES },
): string | undefined {
	let rest = value;
	let done = '';
	for (let start = findVar(rest); start >= 0; start = findVar(rest)) {
		if (uses.left-- === 0) return undefined;
		const end = findEnd(rest, start + 'var('.length);
		const [name, fallback] = splitOnce(rest.slice(start + 'var('.length, end));
		const meant = variables.get(name) ?? fallback;
		const resolved = meant === undefined ? undefined : resolveVariables(meant, variables, uses);
		if (resolved === undefined) return undefined;
		done += rest.slice(0, start) + resolved.trim();
		rest = rest.slice(end + 1);
		if (done.length > MAX_VALUE) return undefined;
	}
	return done + rest;
}

const findVar = (text: string): number => text.search(/(?<![\w-])var\(/i);

function findEnd(text: string, from: number): number {
	let open = 1;
	for (let at = from; at < text.length; at++) {
		if (text[at] === '(') open++;
		if (text[at] === ')' && --open === 0) return at;
	}
	return text.length;
}

function splitOnce(inside: string): [name: string, fallback?: string] {
	const comma = inside.indexOf(',');
	return comma < 0
		? [inside.trim()]
		: [inside.slice(0, comma).trim(), inside.slice(comma + 1).trim()];
}

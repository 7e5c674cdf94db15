/** The declarations of a style attribute by the name of their property, in the order in which they count. */
export type Styles = Map<string, string>;

const IMPORTANT = /\s*!\s*important\s*$/i;

export const isImportant = (value: string): boolean => IMPORTANT.test(value);

/** Takes `!important` off a value. */
export const removeImportant = (value: string): string => value.replace(IMPORTANT, '');

/** Reads a style attribute. Of two declarations of a property the important one counts, or else the later one. */
export function readStyles(attribute: string | undefined): Styles {
	const styles: Styles = new Map();
	for (const declaration of splitDeclarations(attribute ?? '')) {
		const colon = declaration.indexOf(':');
		if (colon < 0) continue;
		const value = declaration.slice(colon + 1).trim();
		setStyle(styles, declaration.slice(0, colon).trim(), value);
	}
	return styles;
}

/** Adds a declaration behind those that are there, unless an important one of its property is. */
export function setStyle(styles: Styles, property: string, value: string): void {
	// Only custom properties differ in capital letters.
	const name = property.startsWith('--') ? property : property.toLowerCase();
	if (name === '' || value === '') return;
	if (isImportant(styles.get(name) ?? '') && !isImportant(value)) return;
	styles.delete(name);
	styles.set(name, value);
}

/** Writes them without a blank that counts for nothing. */
export const writeStyles = (styles: Styles): string =>
	[...styles].map(([name, value]) => `${name}:${value}`).join(';');

/** Splits at semicolons, but not in brackets and quotes: addresses of pictures have some. */
function splitDeclarations(text: string): string[] {
	const parts: string[] = [];
	let from = 0;
	let depth = 0;
	let quote = '';
	for (let at = 0; at < text.length; at++) {
		const character = text[at];
		if (character === '\\') at++;
		else if (quote) quote = character === quote ? '' : quote;
		else if (character === '"' || character === "'") quote = character;
		else if (character === '(') depth++;
		else if (character === ')') depth = Math.max(0, depth - 1);
		else if (character === ';' && depth === 0) {
			parts.push(text.slice(from, at));
			from = at + 1;
		}
	}
	return [...parts, text.slice(from)];
}

const UNITS: Record<string, number> = {
	px: 1,
	pt: 4 / 3,
	pc: 16,
	in: 96,
	cm: 96 / 2.54,
	mm: 9.6 / 2.54,
};

/** What a length is in pixels; undefined when that depends on the screen, as percentages do. */
export function toPixels(value: string | undefined, fontSize: number): number | undefined {
	const [, digits, unit = ''] =
		/^(-?(?:\d+\.?\d*|\.\d+))(px|pt|pc|in|cm|mm|em|rem)?$/i.exec(removeImportant(value ?? '')) ??
		[];
	const number = Number(digits);
	if (digits === undefined) return undefined;
	if (unit === '') return number === 0 ? 0 : undefined;
	return number * (UNITS[unit.toLowerCase()] ?? fontSize);
}

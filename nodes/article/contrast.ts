/** Red, green and blue from 0 to 255, and how much of it covers what lies below, from 0 to 1. */
export type Color = [red: number, green: number, blue: number, alpha: number];

/** The names that generators of articles use; others are not looked at. */
const NAMES = new Map<string, Color>(
	Object.entries<Color>({
		black: [0, 0, 0, 1],
		gray: [128, 128, 128, 1],
		grey: [128, 128, 128, 1],
		red: [255, 0, 0, 1],
		silver: [192, 192, 192, 1],
		transparent: [0, 0, 0, 0],
		white: [255, 255, 255, 1],
		yellow: [255, 255, 0, 1],
	}),
);

/** Reads a color as styles have it: `#rgb`, `#rrggbb`, `rgb(…)`, `rgba(…)` and a few names; undefined for others. */
export function parseColor(text: string | undefined): Color | undefined {
	const value = (text ?? '').trim().toLowerCase();
	const named = NAMES.get(value);
	if (named) return named;
	const hex = /^#([\da-f]{3,8})$/.exec(value)?.[1];
	if (hex) return parseHex(hex);
	const parts = /^rgba?\(([^()]*)\)$/
		.exec(value)?.[1]
		.split(/[\s,/]+/)
		.filter(Boolean);
	if (!parts || parts.length < 3) return undefined;
	const [red, green, blue, alpha = 1] = parts.map((part, index) =>
		part.endsWith('%') ? (parseFloat(part) / 100) * (index < 3 ? 255 : 1) : Number(part),
	);
	return [red, green, blue, alpha].every(Number.isFinite) ? [red, green, blue, alpha] : undefined;
}

function parseHex(digits: string): Color | undefined {
	const long = digits.length <= 4 ? digits.replace(/./g, '$&$&') : digits;
	if (long.length !== 6 && long.length !== 8) return undefined;
	const [red, green, blue, alpha = 255] = (long.match(/../g) ?? []).map((two) => parseInt(two, 16));
	return [red, green, blue, alpha / 255];
}

/**
 * Computes how well two colors can be told apart, from 1 (not at all) to 21.
 *
 * @see https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio
 */
export function computeContrast(one: Color, other: Color): number {
	const [low, high] = [toLuminance(one), toLuminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

function toLuminance([red, green, blue]: Color): number {
	const [r, g, b] = [red, green, blue].map((channel) => {
		const part = channel / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

import type { Document, Element } from 'domhandler';
import { parseColor, type Color } from '../../nodes/article/contrast';
import { isElement } from '../../nodes/article/htmlTree';
import { readStyles, writeStyles } from '../../nodes/article/inlineStyle';

/**
 * What WeChat makes of the colors of an article when a phone is dark, as it describes it: backgrounds first, then text
 * and borders against what lies behind them. Pictures, gradients and shadows are not looked at.
 *
 * @see https://github.com/wechatjs/mp-darkmode/blob/master/doc/cn/principle.md
 */

export const DARK_PAGE: Color = [25, 25, 25, 1];
/** Text without a color of its own: white of which 60 % are seen. */
export const DARK_TEXT: Color = [163, 163, 163, 1];
const LIGHT_TEXT: Color = [25, 25, 25, 1];

/** Brightness from 0 to 255; lightness and saturation from 0 to 100. */
const WHITE = 250;
const BRIGHTEST_BACKGROUND = 190;
const LEAST_DIFFERENCE = 65;
const BRIGHT_BACKGROUND = 100;
const LIGHT = 40;
const LOWEST_BACKGROUND = 22;

interface Around {
	background: Color;
	/** Before it was changed. */
	color: Color;
}

/** Changes the colors in the style attributes of a tree. */
export function darken(tree: Document | Element, around: Partial<Around> = {}): void {
	const { background = DARK_PAGE, color = LIGHT_TEXT } = around;
	for (const node of tree.children) {
		if (!isElement(node)) continue;
		const styles = readStyles(node.attribs.style);
		const ownColor = parseColor(styles.get('color'));
		const ownBackground = parseColor(styles.get('background-color'));
		const inside = {
			background: ownBackground ? darkenBackground(ownBackground, background) : background,
			color: ownColor ?? color,
		};
		if (ownBackground) styles.set('background-color', toCss(inside.background));
		if (ownBackground || ownColor)
			styles.set('color', toCss(lightenText(inside.color, inside.background)));
		for (const [property, value] of styles)
			if (/^border/.test(property)) styles.set(property, lightenBorder(value));
		if (styles.size > 0) node.attribs.style = writeStyles(styles);
		darken(node, inside);
	}
}

function darkenBackground(color: Color, behind: Color): Color {
	const seen = blend(color, behind);
	const [hue, saturation, lightness] = toHsl(seen);
	if ((saturation === 0 && lightness > LIGHT) || brightnessOf(seen) > WHITE)
		return fromHsl(0, 0, Math.min(100, 100 + toHsl(DARK_PAGE)[2] - lightness));
	if (brightnessOf(seen) > BRIGHTEST_BACKGROUND) return withBrightness(BRIGHTEST_BACKGROUND, seen);
	return lightness < LOWEST_BACKGROUND ? fromHsl(hue, saturation, LOWEST_BACKGROUND) : seen;
}

function lightenText(color: Color, background: Color, turned = false): Color {
	const seen = blend(color, background);
	const most = brightnessOf(DARK_TEXT) - brightnessOf(DARK_PAGE);
	const [mine, behind] = [brightnessOf(seen), brightnessOf(background)];
	const difference = Math.abs(mine - behind);
	if (mine >= WHITE) return color;
	if (difference > most && behind <= brightnessOf(DARK_PAGE) + 2)
		return withBrightness(most + behind, seen);
	if (difference >= LEAST_DIFFERENCE) return color;
	const [hue, saturation, lightness] = toHsl(seen);
	const isBright = behind >= BRIGHT_BACKGROUND;
	if (!turned && (isBright ? lightness > 90 - LIGHT : lightness <= LIGHT))
		return lightenText(fromHsl(hue, saturation, 90 - lightness), background, true);
	return withBrightness(
		Math.min(most, behind + (isBright ? -LEAST_DIFFERENCE : LEAST_DIFFERENCE)),
		seen,
	);
}

const lightenBorder = (value: string): string =>
	value.replace(/#[\da-f]{3,6}\b/gi, (color) => {
		const parsed = parseColor(color);
		return parsed ? toCss(lightenText(parsed, DARK_PAGE)) : color;
	});

const blend = ([red, green, blue, alpha]: Color, [r, g, b]: Color): Color => [
	red * alpha + r * (1 - alpha),
	green * alpha + g * (1 - alpha),
	blue * alpha + b * (1 - alpha),
	1,
];

const brightnessOf = ([red, green, blue]: Color): number =>
	(red * 299 + green * 587 + blue * 114) / 1000;

function withBrightness(target: number, color: Color): Color {
	const factor = target / (brightnessOf(color) || 1);
	const [red, green, blue] = color.map((part) => Math.min(255, part * factor));
	// What a channel cannot take goes into green, which counts most.
	const isFull = red === 255 || blue === 255;
	return [red, isFull ? (target * 1000 - red * 299 - blue * 114) / 587 : green, blue, 1];
}

function toHsl([red, green, blue]: Color): [hue: number, saturation: number, lightness: number] {
	const [r, g, b] = [red / 255, green / 255, blue / 255];
	const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
	const [range, sum] = [high - low, high + low];
	if (range === 0) return [0, 0, sum * 50];
	const sector =
		high === r ? (g - b) / range : high === g ? 2 + (b - r) / range : 4 + (r - g) / range;
	return [(sector * 60 + 360) % 360, (range / (sum > 1 ? 2 - sum : sum)) * 100, sum * 50];
}

function fromHsl(hue: number, saturation: number, lightness: number): Color {
	const [s, l] = [saturation / 100, lightness / 100];
	const channel = (shift: number) => {
		const at = (shift + hue / 30) % 12;
		return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(at - 3, 9 - at, 1)));
	};
	return [channel(0), channel(8), channel(4), 1];
}

const toCss = ([red, green, blue]: Color): string =>
	`#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`;

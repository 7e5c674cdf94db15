import type { CodeColors } from './rebuildBlocks';
import { computeContrast, parseColor } from './contrast';

export type ThemeName = 'none' | 'plain' | 'lines' | 'labels';

/** Styles by the name of an element, or by what it is in an article. */
export interface Theme {
	/** What all text inherits stands here, and nowhere else. */
	root: string;
	elements: Record<string, string>;
	/** A section with code in it. */
	code: string;
	/** Of a list below the article. */
	references: string;
	caption: string;
	/** A picture that is a paragraph of its own. */
	picture: string;
	/** Around the words of a heading, for themes that give it a background. */
	headingLabel?: string;
	codeColors: CodeColors;
}

/** In pixels; the size of WeChat's own editor is 17, of most articles 15 or 16. */
const FONT_SIZE = 16;

/**
 * Colors are dark on purpose. In dark mode WeChat turns a color over when its brightness is below 90 of 255 and its
 * lightness at most 40 %; lighter ones stay, and are hard to read there. Gray backgrounds without any hue become dark.
 *
 * @see https://github.com/wechatjs/mp-darkmode/blob/master/doc/cn/principle.md
 */
const ACCENTS = { plain: '#17569b', lines: '#0a6b4a', labels: '#8f2a1b' };
const QUIET = '#555';
const PALE = '#f6f6f6';
const LINE = '#ddd';
const CODE_COLORS: CodeColors = {
	comment: QUIET,
	string: '#063',
	keyword: '#905',
	title: '#05a',
};

/** Finds a theme, in the colors and the size that people chose; undefined for `none`. */
export function createTheme(
	name: ThemeName,
	{ accent, fontSize = FONT_SIZE }: { accent?: string; fontSize?: number },
): Theme | undefined {
	if (name === 'none') return undefined;
	const color = shortenColor(accent ?? ACCENTS[name]);
	const common = createCommon(color, fontSize);
	return { ...common, ...VARIANTS[name](common, color) };
}

function createCommon(accent: string, fontSize: number): Theme {
	const cell = `border:1px solid ${LINE};padding:6px 8px`;
	return {
		root: `font-size:${fontSize}px;line-height:1.75;color:#333;word-break:break-word`,
		elements: {
			p: 'margin:1em 0',
			h1: 'font-size:1.5em;line-height:1.4;font-weight:bold;margin:1.4em 0 .7em',
			h2: 'font-size:1.3em;line-height:1.4;font-weight:bold;margin:1.6em 0 .7em',
			h3: 'font-size:1.1em;font-weight:bold;margin:1.4em 0 .6em',
			h4: 'font-size:1em;font-weight:bold;margin:1.2em 0 .6em',
			h5: 'font-size:1em;font-weight:bold;margin:1em 0 .6em',
			h6: `font-size:1em;font-weight:bold;margin:1em 0 .6em;color:${QUIET}`,
			a: `color:${accent};text-decoration:none`,
			blockquote: `margin:1em 0;padding:0 1em;border-left:3px solid ${LINE};color:${QUIET}`,
			code: `padding:2px 4px;background-color:${PALE}`,
			hr: `border:0;border-top:1px solid ${LINE};margin:2em 0`,
			img: 'max-width:100%;vertical-align:middle',
			ol: 'margin:1em 0;padding-left:1.6em',
			ul: 'margin:1em 0;padding-left:1.6em',
			sup: `color:${accent}`,
			table: 'border-collapse:collapse;width:100%;margin:1em 0;font-size:.9em;line-height:1.5',
			td: cell,
			th: `${cell};background-color:${PALE}`,
		},
		code: `margin:1em 0;padding:12px;background-color:${PALE};font-size:.8em;line-height:1.6;border-radius:4px`,
		references: `margin-top:2.5em;padding-top:1em;border-top:1px solid ${LINE};font-size:.85em;color:${QUIET}`,
		caption: `display:block;text-align:center;font-size:.85em;color:${QUIET}`,
		picture: 'display:block;max-width:100%;margin:0 auto;border-radius:4px',
		codeColors: CODE_COLORS,
	};
}

const VARIANTS: Record<
	Exclude<ThemeName, 'none'>,
	(common: Theme, accent: string) => Partial<Theme>
> = {
	plain: () => ({}),
	lines: ({ elements }, accent) => ({
		elements: {
			...elements,
			h2: `font-size:1.25em;line-height:1.4;font-weight:bold;margin:1.8em 0 .8em;padding-bottom:6px;border-bottom:2px solid ${accent}`,
			h3: `font-size:1.1em;line-height:1.3;font-weight:bold;margin:1.4em 0 .6em;padding-left:10px;border-left:4px solid ${accent}`,
			strong: `color:${accent}`,
			blockquote: `margin:1em 0;padding:1px 1em;border-left:4px solid ${accent};background-color:${PALE};color:${QUIET}`,
		},
	}),
	labels: ({ elements }, accent) => ({
		elements: {
			...elements,
			h2: 'font-size:1.15em;line-height:1.4;font-weight:bold;margin:2em 0 1em;text-align:center',
			h3: `font-size:1.1em;font-weight:bold;margin:1.4em 0 .6em;color:${accent}`,
			strong: `color:${accent}`,
			blockquote: `margin:1em 0;padding:1px 1em;border:1px solid ${LINE};border-radius:6px;color:${QUIET}`,
		},
		headingLabel: `padding:4px 14px;border-radius:4px;background-color:${accent};color:${findInk(accent)}`,
	}),
};

/** White where it can be read on a color, else what WeChat's text has. */
function findInk(background: string): string {
	const color = parseColor(background);
	return !color || computeContrast(color, [255, 255, 255, 1]) >= 3 ? '#fff' : '#191919';
}

const shortenColor = (color: string): string =>
	color.toLowerCase().replace(/^#(.)\1(.)\2(.)\3$/, '#$1$2$3');

import { readStyles, setStyle, toPixels, writeStyles } from '../../nodes/article/inlineStyle';

const clean = (attribute: string) => writeStyles(readStyles(attribute));

// CSS Style Attributes (W3C): a list of declarations as in a rule, without selectors.
test.each([
	['COLOR : red ; ;margin: 0', 'color:red;margin:0'],
	[
		'background-image:url(data:image/png;base64,AA==);color:red',
		'background-image:url(data:image/png;base64,AA==);color:red',
	],
	[`font-family:"A;B";color:red`, `font-family:"A;B";color:red`],
	['content:"\\"";color:red', 'content:"\\"";color:red'],
	['--Accent:red;color:var(--Accent)', '--Accent:red;color:var(--Accent)'],
	['no declaration;color:', ''],
	['', ''],
])('%s', (attribute, written) => expect(clean(attribute)).toBe(written));

// CSS Cascade: the later one counts, and an important one before all others.
test('of two declarations of a property one counts', () => {
	expect(clean('color:red;margin:0;color:blue')).toBe('margin:0;color:blue');
	expect(clean('color:red!important;color:blue')).toBe('color:red!important');
	expect(clean('color:red!important;color:blue !important')).toBe('color:blue !important');
	const styles = readStyles('color:red');
	setStyle(styles, 'Color', 'blue');
	expect(writeStyles(styles)).toBe('color:blue');
});

// CSS Values: 1 in is 96 px, 72 pt, 6 pc, 2.54 cm and 25.4 mm.
test.each([
	['96px', 96],
	['72pt', 96],
	['6pc', 96],
	['2.54cm', 96],
	['-.5em', -10],
	['0', 0],
	['0 !important', 0],
	['5', undefined],
	['50%', undefined],
	['auto', undefined],
	[undefined, undefined],
])('%s is %s pixels', (value, pixels) => {
	const found = toPixels(value, 20);
	expect(found === undefined ? found : Math.round(found * 100) / 100).toBe(pixels);
});

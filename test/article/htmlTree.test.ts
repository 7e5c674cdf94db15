import { openHtmlTools } from '../../nodes/article/htmlTree';

// HTML Standard, 13.2.6.4: an open paragraph ends before a section, and what is never closed ends with the text.
test('HTML is read as browsers read it', async () => {
	const { parse, write } = await openHtmlTools();
	expect(write(parse('<p>一<section>二</p>　三<b>四'))).toBe(
		'<p>一</p><section>二<p></p>　三<b>四</b></section>',
	);
});

test('elements know their line', async () => {
	const { parse, utils } = await openHtmlTools();
	const [image] = utils.getElementsByTagName('img', parse('<p>\n\n<img src="a.png"></p>').children);
	expect(image.sourceCodeLocation?.startLine).toBe(3);
});

test('elements that lie deeper than a process can follow are refused', async () => {
	const { parse } = await openHtmlTools();
	expect(() => parse('<div>'.repeat(200))).not.toThrow();
	expect(() => parse('<div>'.repeat(100_000))).toThrow('more than 200 deep');
});

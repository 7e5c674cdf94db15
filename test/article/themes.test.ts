import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { computeContrast, type Color } from '../../nodes/article/contrast';
import { openHtmlTools } from '../../nodes/article/htmlTree';
import { listPlacedElements } from '../../nodes/article/placedElement';
import { renderArticle, type Look } from '../../nodes/article/renderArticle';
import { checkStructure } from '../../nodes/article/structureRules';
import { darken, DARK_PAGE, DARK_TEXT } from '../support/darkMode';

/** 6,143 characters: 21 sections, a table, and 40 lines of code in two languages. */
const ARTICLE = readFileSync(join(__dirname, '../fixtures/articles/weekend.md'), 'utf8');
/** What else themes have styles for. */
const RARE =
	'#### 四\n\n##### 五\n\n###### 六\n\n> 引用 `代码` **重点**\n\n# 一\n\n# 二\n\n[一](https://mp.weixin.qq.com/s/x) ![图](https://mmbiz.qpic.cn/x/0)';
const THEMES = ['plain', 'lines', 'labels'] as const;
const WHITE: Color = [255, 255, 255, 1];

async function write(text: string, look: Partial<Look>): Promise<string> {
	const article = await renderArticle(
		{ format: 'markdown', text },
		{ theme: 'plain', links: 'references', ...look },
	);
	const addresses = article.pictures.map(({ address }, at): [string, string] => [
		address,
		`https://mmbiz.qpic.cn/mmbiz_jpg/${String(at).repeat(86)}/0?wx_fmt=jpeg`,
	]);
	return article.toContent(new Map(addresses));
}

// WeChat takes less than 20,000; the tools that people use make 29,000 to 39,000 of an article like this.
test.each([...THEMES, 'none'] as const)('an article stays under the limit: %s', async (theme) => {
	expect([...ARTICLE]).toHaveLength(6143);
	expect([...(await write(ARTICLE, { theme }))].length).toBeLessThan(20_000);
});

describe.each(THEMES)('%s', (theme) => {
	test.each([ARTICLE, RARE])('breaks none of the rules of WeChat', async (text) => {
		const { parse, utils } = await openHtmlTools();
		const content = await write(text, { theme });
		expect(checkStructure(parse(content), utils)).toEqual([]);
		expect(content).not.toMatch(/class=|\bid=|!important|overflow|font-family|<pre|data-/);
	});

	// WCAG 2.2, 1.4.3: 4.5 for text that is not large. WeChat changes colors when the phone is dark.
	test.each([
		['light', WHITE, undefined],
		['dark', DARK_PAGE, DARK_TEXT],
	] as const)('can be read on a %s phone', async (_, page, ink) => {
		const { parse } = await openHtmlTools();
		for (const text of [ARTICLE, RARE]) {
			const tree = parse(await write(text, { theme }));
			if (ink) darken(tree);
			const faint = listPlacedElements(tree)
				.filter(({ hasOwnText }) => hasOwnText)
				.map(({ element, color, background = page }) => ({
					style: `${element.name} ${element.attribs.style ?? ''}`,
					contrast: computeContrast(color ?? page, background),
				}))
				.filter(({ contrast }) => contrast < 4.5);
			expect(faint).toEqual([]);
		}
	});
});

test('accent color and size of letters are those that were chosen', async () => {
	const content = await write('## 一\n\n**二**', {
		theme: 'labels',
		accent: '#FFCC00',
		fontSize: 18,
	});
	expect(content).toContain('font-size:18px');
	// White on yellow cannot be read.
	expect(content).toContain('background-color:#fc0;color:#191919');
	expect(content).toContain('<strong style="color:#fc0">');
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderArticle, type Look } from '../../../nodes/article/renderArticle';
import { keepContent } from '../../simulator/behaviors/articles';
import { measureOverflow, openPhone } from '../actors/phone';
import { startBrowser } from '../services/browser';
import { findFaintTexts } from '../services/textContrast';
import type { Scenario } from '../scenario';

const THEMES = ['plain', 'lines', 'labels'] as const;
const PHONES = ['light', 'dark'] as const;

/** What readers see of articles, on a light and on a dark phone. */
const scenario: Scenario = {
	name: 'browser articles',
	run: async ({ check, say }) => {
		const browser = await startBrowser(say);
		try {
			for (const scheme of PHONES) {
				const phone = await openPhone(browser, scheme);
				for (const theme of THEMES) {
					const article = await write('weekend', theme);
					await check(`${theme}, ${scheme}: a long article can be read, and fits`, async () => {
						await phone.read(article);
						assert.equal(await measureOverflow(phone.page), 0);
						assert.deepEqual(await findFaintTexts(phone.page), []);
					});
					await check(`${theme}, ${scheme}: what WeChat drops changes no pixel`, async () => {
						const sent = await phone.page.screenshot({ fullPage: true });
						const content = keepContent({ content: article.content });
						await phone.read({ ...article, content });
						const kept = await phone.page.screenshot({ fullPage: true });
						assert.ok(sent.equals(kept));
					});
				}
				await phone.close();
			}
			for (const scheme of PHONES) {
				const phone = await openPhone(browser, scheme, 1.5);
				await phone.read(await write('tea', 'lines'));
				await phone.show(`article-${scheme}`);
				await phone.close();
			}
		} finally {
			await browser.close();
		}
	},
};

export default scenario;

async function write(name: string, theme: Look['theme']) {
	const file = join(__dirname, `../../fixtures/articles/${name}.md`);
	const text = readFileSync(file, 'utf8');
	const article = await renderArticle({ format: 'markdown', text }, { theme, links: 'references' });
	const { title, author, pictures, toContent } = article;
	const addresses = pictures.map(({ address }, at): [string, string] => [
		address,
		`https://mmbiz.qpic.cn/mmbiz_jpg/${at}/0?wx_fmt=jpeg`,
	]);
	return { title, author, content: toContent(new Map(addresses)) };
}

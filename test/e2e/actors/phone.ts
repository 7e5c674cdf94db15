import type { Page } from 'playwright-core';
import { openHtmlTools } from '../../../nodes/article/htmlTree';
import { toReaderPage } from '../../demo/readerPage';
import { darken } from '../../support/darkMode';
import type { Browser, Window } from '../services/browser';

/** An article as a reader opens it in WeChat, on a phone 390 pixels wide. */

const WIDTH = 390;
/** In the place of every picture that WeChat has. */
const PICTURE =
	'<svg xmlns="http://www.w3.org/2000/svg" width="1080" height="540"><rect width="1080" height="540" fill="#a9c6bd"/><circle cx="820" cy="150" r="70" fill="#f4ead0"/><path d="M0 540V330L260 170 520 360 760 210 1080 400V540Z" fill="#5d8a78"/><path d="M0 540V450Q300 370 560 450T1080 430V540Z" fill="#3f6b58"/></svg>';

export interface Phone extends Window {
	/** Shows an article; a dark phone changes its colors as WeChat does. */
	read(article: { title: string; author: string; content: string }): Promise<void>;
}

export async function openPhone(
	browser: Browser,
	colorScheme: 'light' | 'dark',
	deviceScaleFactor = 1,
): Promise<Phone> {
	const window = await browser.open({
		viewport: { width: WIDTH, height: 844 },
		deviceScaleFactor,
		colorScheme,
	});
	const { page } = window;
	await page.route('**/mmbiz.qpic.cn/**', async (route) => {
		await route.fulfill({ contentType: 'image/svg+xml', body: PICTURE });
	});
	return {
		...window,
		read: async ({ title, author, content }) => {
			const shown = colorScheme === 'dark' ? await toDark(content) : content;
			const html = toReaderPage({ title, author, content: shown }, colorScheme);
			await page.setContent(html, { waitUntil: 'load' });
		},
	};
}

async function toDark(content: string): Promise<string> {
	const { parse, write } = await openHtmlTools();
	const tree = parse(content);
	darken(tree);
	return write(tree);
}

/** How many pixels a reader would have to move the page to the side. */
export const measureOverflow = async (page: Page): Promise<number> =>
	(await page.evaluate<number>('document.documentElement.scrollWidth')) - WIDTH;

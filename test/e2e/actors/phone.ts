import type { Page } from 'playwright-core';
import { openHtmlTools } from '../../../nodes/article/htmlTree';
import { darken } from '../../support/darkMode';
import type { Browser, Window } from '../services/browser';

/** An article as a reader opens it in WeChat, on a phone 390 pixels wide. */

const WIDTH = 390;
/** The page around an article, as far as it changes what is seen in it. */
const PAGE_STYLE =
	'*{margin:0;padding:0}body{padding:20px 16px;font-family:system-ui,sans-serif;font-size:17px;line-height:1.6;overflow-wrap:break-word}body>h1{font-size:22px;line-height:1.4;font-weight:500;margin-bottom:12px}body>p{font-size:15px;margin-bottom:20px;opacity:.6}';
const COLORS = { light: 'background:#fff;color:#191919', dark: 'background:#191919;color:#a3a3a3' };
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
			await page.setContent(
				`<!doctype html><meta charset="utf-8"><style>${PAGE_STYLE}body{${COLORS[colorScheme]}}</style><h1>${title}</h1><p>${author}</p>${shown}`,
				{ waitUntil: 'load' },
			);
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

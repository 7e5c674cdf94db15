import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
	chromium,
	type Browser as Chromium,
	type BrowserContextOptions,
	type Locator,
	type Page,
} from 'playwright-core';
import { cleanUpAtEnd } from './cleanup';
import { LOOPBACK } from './ports';
import { findOrInstall, findFolder, type Programs } from './programs';

const NAME = 'chromium';

/** What does not appear within this time is missing. */
const PATIENCE_MS = 10_000;

export const CHROMIUM: Programs = {
	debianPackage: NAME,
	find: () => findFolder([NAME]),
};

export interface Browser {
	/** A window with nothing of the others: no cookies, no storage. What its page does wrong is thrown by `close`. */
	open(options?: BrowserContextOptions): Promise<Window>;
	close(): Promise<void>;
}

export interface Window {
	page: Page;
	/** Writes a picture of the page, or of a part of it, into the folder, if there is one. */
	show(name: string, part?: Locator): Promise<void>;
	/** Throws what the page has complained about: errors of scripts, and what the Content Security Policy refused. */
	close(): Promise<void>;
}

interface Wishes {
	/** Where pictures go; without it there are none. */
	screenshots?: string;
}

/**
 * Chromium without a window on the screen; installs Debian's package when there is none. Ends with the script. Its pages
 * reach nothing but this computer. A route of Playwright would do that too, but there is no cache of pages then.
 */
export async function startBrowser(
	say: (line: string) => void,
	{ screenshots = process.env.WECHAT_SCREENSHOTS }: Wishes = {},
): Promise<Browser> {
	const [folder] = await findOrInstall([CHROMIUM], say);
	const browser = await chromium.launch({
		executablePath: join(folder, NAME),
		// Chromium's sandbox refuses to work for root.
		chromiumSandbox: process.getuid?.() !== 0,
		args: [`--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE ${LOOPBACK}`],
	});
	cleanUpAtEnd(async () => await browser.close());
	if (screenshots) mkdirSync(screenshots, { recursive: true });
	return {
		open: async (options) => await openWindow(browser, options, screenshots),
		close: async () => await browser.close(),
	};
}

async function openWindow(
	browser: Chromium,
	options: BrowserContextOptions | undefined,
	screenshots: string | undefined,
): Promise<Window> {
	const context = await browser.newContext({ locale: 'en-GB', ...options });
	context.setDefaultTimeout(PATIENCE_MS);
	const page = await context.newPage();
	const complaints: string[] = [];
	page.on('pageerror', (error) => complaints.push(String(error)));
	page.on('console', (message) => {
		if (/Content Security Policy/.test(message.text())) complaints.push(message.text());
	});
	return {
		page,
		show: async (name, part) => {
			if (!screenshots) return;
			const path = join(screenshots, `${name}.png`);
			await (part ? part.screenshot({ path }) : page.screenshot({ path, fullPage: true }));
		},
		close: async () => {
			await context.close();
			if (complaints.length > 0) throw new Error(`The page complained: ${complaints.join('\n')}`);
		},
	};
}

import { escapeMarkup } from '../base/html';
import { writeResponse, type Response } from './webhookResponse';

export interface PageOfText {
	status: number;
	title: string;
	text: string;
}

/** What a browser gets. */
export type Page = PageOfText | PageOfForm | { location: string } | { file: string };

/** A form that goes back to where the page came from. */
interface PageOfForm {
	title: string;
	/** HTML. */
	form: string;
	/** Where the browser goes on by itself, at once: what is there comes when there is something new. */
	refresh?: string;
}

/** Sends a page, a redirect or a file. */
export function sendPage(response: Response, page: Page): void {
	const headers = { 'cache-control': 'no-store, no-transform', 'referrer-policy': 'no-referrer' };
	if ('location' in page) {
		writeResponse(response, { status: 302, headers: { ...headers, location: page.location } });
		return;
	}
	const isFile = 'file' in page;
	writeResponse(response, {
		status: 'status' in page ? page.status : 200,
		headers: {
			...headers,
			'content-type': `text/${isFile ? 'plain' : 'html'}; charset=utf-8`,
			'x-content-type-options': 'nosniff',
			'content-security-policy': 'form' in page ? FORM_POLICY : POLICY,
			...('form' in page && page.refresh && { refresh: `0; url=${page.refresh}` }),
		},
		body: isFile ? page.file : toHtml(page),
	});
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
/** No other page may show the form, and have people press its button. */
const FORM_POLICY = `${POLICY}; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** A sentence in Chinese and in English, on the screen of a phone. */
const toHtml = (page: PageOfText | PageOfForm) => `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(page.title)}</title>
<style>
body { display: grid; place-content: center; min-height: 90vh; margin: 0 1.5rem; text-align: center; font: 1.1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
form, fieldset { display: grid; gap: 0.8rem; border: 0; padding: 0; text-align: start; }
textarea, button, input:not([type=radio]) { font: inherit; padding: 0.5rem; }
</style>
<main>${'form' in page ? page.form : `<h1>${escapeMarkup(page.title)}</h1><p>${escapeMarkup(page.text)}</p>`}</main>
</html>
`;

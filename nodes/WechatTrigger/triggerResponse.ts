import { escapeMarkup } from '../base/html';
import type { ServerResponse } from 'node:http';
import type { PushResponse } from '../push/reply';

/** n8n's response object is Node's. */
export type Response = ServerResponse;

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
}

/** Sends an answer, unless WeChat has hung up or was answered before; returns whether it did. */
export function sendResponse(response: Response, { body, type }: PushResponse): boolean {
	if (response.headersSent || response.destroyed) return false;
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	response.statusCode = 200;
	response.setHeader('content-type', `${type}; charset=utf-8`);
	// What is given back may come from the query (echostr): no browser may take it for a page.
	response.setHeader('x-content-type-options', 'nosniff');
	// n8n compresses what is ended through its own `end`, and calls it compressed in any case but this.
	response.setHeader('cache-control', 'no-transform');
	response.setHeader('content-length', Buffer.byteLength(body));
	endResponse(response, body);
	return true;
}

/** Sends a page, a redirect or a file. */
export function sendPage(response: Response, page: Page): void {
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	// no-transform: see sendResponse.
	response.setHeader('cache-control', 'no-store, no-transform');
	response.setHeader('referrer-policy', 'no-referrer');
	if ('location' in page) {
		response.statusCode = 302;
		response.setHeader('location', page.location);
		return endResponse(response, '');
	}
	const isFile = 'file' in page;
	response.statusCode = 'status' in page ? page.status : 200;
	response.setHeader('content-type', `text/${isFile ? 'plain' : 'html'}; charset=utf-8`);
	response.setHeader('x-content-type-options', 'nosniff');
	response.setHeader('content-security-policy', 'form' in page ? FORM_POLICY : POLICY);
	endResponse(response, isFile ? page.file : toHtml(page));
}

const POLICY = "default-src 'none'; style-src 'unsafe-inline'";
/** No other page may show the form, and have people press its button. */
const FORM_POLICY = `${POLICY}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

/** Calls the real `end`, which lies below the one that a waiting push puts there (pushDelivery.ts). */
function endResponse(response: Response, body: string): void {
	const { end } = Object.getPrototypeOf(response) as ServerResponse;
	end.call(response, body, 'utf8');
}

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

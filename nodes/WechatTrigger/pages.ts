import { end, type Response } from './respond';

/** What a browser gets. */
export type Page =
	{ status: number; title: string; text: string } | { location: string } | { file: string };

/** Sends a page, a redirect or a file. */
export function show(response: Response, page: Page): void {
	for (const name of response.getHeaderNames()) response.removeHeader(name);
	// no-transform: see respond.ts.
	response.setHeader('cache-control', 'no-store, no-transform');
	response.setHeader('referrer-policy', 'no-referrer');
	if ('location' in page) {
		response.statusCode = 302;
		response.setHeader('location', page.location);
		return end(response, '');
	}
	const isFile = 'file' in page;
	response.statusCode = isFile ? 200 : page.status;
	response.setHeader('content-type', `text/${isFile ? 'plain' : 'html'}; charset=utf-8`);
	response.setHeader('x-content-type-options', 'nosniff');
	response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'");
	end(response, isFile ? page.file : html(page));
}

/** A sentence in Chinese and in English, on the screen of a phone. */
const html = ({ title, text }: { title: string; text: string }) => `<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>
body { display: grid; place-content: center; min-height: 90vh; margin: 0 1.5rem; text-align: center; font: 1.1rem/1.6 system-ui, sans-serif; }
h1 { font-size: 1.4rem; }
</style>
<main><h1>${escaped(title)}</h1><p>${escaped(text)}</p></main>
</html>
`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character]);

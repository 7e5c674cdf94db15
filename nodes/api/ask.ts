import { judge, type Answer } from './answer';
import { urlOf, type App } from './app';
import type { Http } from './http';

/** A call that takes no token, because it carries a secret or ticket itself; those are cut out of errors. */
export async function ask(
	app: App,
	http: Http,
	path: string,
	body: object,
	secrets: string[],
): Promise<Answer> {
	const url = urlOf(app, path);
	const response = await http({
		method: 'POST',
		url,
		body: JSON.stringify(body),
		contentType: 'application/json',
		proxyUrl: app.proxyUrl,
	});
	return judge(response, url.pathname, secrets);
}

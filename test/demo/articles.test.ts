import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DEFAULT_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import { jpeg } from '../simulator/accounts/jpeg';
import { useSimulator } from '../support/simulator';
import type { ArticleItem } from './feed';
import { PageBackend } from './pageBackend';
import { startDemoPage } from './server';

const simulator = useSimulator({ accounts: [DEFAULT_ACCOUNT, SECOND_ACCOUNT] });

/** A call of the account's owner, or of n8n. */
async function call(path: string, body: object | FormData): Promise<Record<string, string>> {
	const { url, account } = simulator();
	const post = async (target: string, sent: string | FormData) =>
		(await (await fetch(url + target, { method: 'POST', body: sent })).json()) as Record<
			string,
			string
		>;
	const grant = { grant_type: 'client_credential', appid: account.appId, secret: account.secret };
	const { access_token } = await post('/cgi-bin/stable_token', JSON.stringify(grant));
	return await post(
		`/cgi-bin/${path}?access_token=${access_token}`,
		body instanceof FormData ? body : JSON.stringify(body),
	);
}

/** Publishes an article with a picture, and answers the address that WeChat gave the picture. */
async function publish(title: string, extra = ''): Promise<string> {
	const form = new FormData();
	form.append('media', new Blob([jpeg]), 'shop.jpg');
	const { url: picture } = await call('media/uploadimg', form);
	const thumb_media_id = simulator().addMaterial(jpeg, 'cover.jpg');
	const content = `<p style="color:red">Here</p><img src="${picture}?wx_fmt=jpeg">${extra}`;
	const article = { title, author: 'Tea & House', content, thumb_media_id };
	const { media_id } = await call('draft/add', { articles: [article] });
	await call('freepublish/submit', { media_id });
	return picture;
}

function watch(backend: Pick<PageBackend, 'feed'>): ArticleItem[] {
	const articles: ArticleItem[] = [];
	backend.feed.read((item) => item.type === 'article' && void articles.push(item));
	return articles;
}

test('what the account publishes is listed with its cover, and read with its pictures', async () => {
	const backend = new PageBackend(simulator());
	const articles = watch(backend);
	await publish('<b>News</b>');
	expect(articles).toEqual([
		{
			type: 'article',
			id: '1',
			account: 'own',
			title: '<b>News</b>',
			cover: expect.stringContaining(simulator().url) as string,
		},
	]);
	const html = backend.readArticle('1') ?? '';
	expect(html).toContain('<h1>&lt;b&gt;News&lt;/b&gt;</h1><p>Tea &amp; House</p>');
	expect(html).toContain('<p style="color:red">Here</p>');
	const [, src = ''] = /<img src="([^"]+)">/.exec(html) ?? [];
	for (const address of [src, articles[0].cover ?? ''])
		expect(Buffer.from(await (await fetch(address)).arrayBuffer())).toEqual(jpeg);
	expect(backend.readArticle('2')).toBeUndefined();
	backend.close();
});

test('what WeChat refuses to publish is not shown', async () => {
	const backend = new PageBackend(simulator());
	const articles = watch(backend);
	simulator().setJobCourse({ publishStatus: 4 });
	await publish('Refused');
	simulator().setJobCourse({});
	expect(articles).toEqual([]);
	backend.close();
});

test('the page of an article runs nothing, sends nothing, and stands in no other page', async () => {
	const demo = await startDemoPage(simulator());
	await publish('News', '<form action="https://example.com"><button>x</button></form>');
	const response = await fetch(`${demo.url}/demo/articles/1`);
	const policy = response.headers.get('content-security-policy') ?? '';
	expect(policy.split('; ')).toEqual(
		expect.arrayContaining([
			"default-src 'none'",
			"form-action 'none'",
			"frame-ancestors 'self'",
			'sandbox',
		]),
	);
	expect(policy).not.toMatch(/script-src|allow-/);
	expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
	for (const path of ['2', '0', 'x', '1/..'])
		expect((await fetch(`${demo.url}/demo/articles/${path}`)).status).toBe(404);
	await demo.close();
});

describe('the button that publishes', () => {
	test('starts the workflow, and says when that does not start', async () => {
		let status = 200;
		const asked: string[] = [];
		const n8n = createServer(({ method, url }, response) => {
			asked.push(`${method} ${url}`);
			response.writeHead(status).end();
		});
		await new Promise<void>((resolve) => n8n.listen(0, '127.0.0.1', resolve));
		const demo = await startDemoPage(simulator());
		const press = async (account = 'own') => {
			const headers = { 'content-type': 'application/json' };
			const url = `${demo.url}/demo/${account}/publish`;
			const response = await fetch(url, { method: 'POST', headers, body: '{}' });
			return ((await response.json()) as { code?: string }).code;
		};
		expect(await press()).toBe('notConnected');
		demo.connectArticles(`http://127.0.0.1:${(n8n.address() as AddressInfo).port}/webhook/x`);
		expect(await press()).toBeUndefined();
		expect(await press('platform')).toBe('noAction');
		status = 404;
		expect(await press()).toBe('notPublished');
		expect(asked).toEqual(['POST /webhook/x', 'POST /webhook/x']);
		await demo.close();
		n8n.closeAllConnections();
		await new Promise((resolve) => n8n.close(resolve));
	});

	test('stands on the page where there is a workflow for it', () => {
		const backend = new PageBackend(simulator());
		const offers: string[][] = [];
		backend.feed.read((item) => {
			if (item.type === 'account' && item.id === 'own') offers.push(item.offers);
		});
		backend.connectArticles('http://127.0.0.1:1/');
		expect(offers).toEqual([[], ['publish']]);
		backend.close();
	});
});

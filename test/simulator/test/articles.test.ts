import { DEFAULT_ACCOUNT, startSimulator, type Simulator } from '..';
import { parseJson, type JsonObject } from '../http/json';
import { failure } from './support';

/** Page api_draft_add, 2026: what WeChat refuses of an article, and what it drops. */

let simulator: Simulator;
let token: string;
let image: string;

async function post(path: string, body: object): Promise<JsonObject> {
	const url = `${simulator.url}${path}?access_token=${token}`;
	const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
	return parseJson(await response.text()) as JsonObject;
}

beforeAll(async () => {
	simulator = await startSimulator();
	const { appId: appid, secret } = DEFAULT_ACCOUNT;
	const body = JSON.stringify({ grant_type: 'client_credential', appid, secret });
	const answer = await fetch(`${simulator.url}/cgi-bin/stable_token`, { method: 'POST', body });
	token = String((parseJson(await answer.text()) as JsonObject).access_token);
	image = simulator.addMaterial(Buffer.from('image'), 'image.jpg');
});
afterAll(async () => await simulator.close());

const add = async (changed: object) =>
	await post('/cgi-bin/draft/add', {
		articles: [{ title: '题', content: '<p>文</p>', thumb_media_id: image, ...changed }],
	});

async function keptOf(content: string, changed: object = {}): Promise<unknown> {
	const { media_id } = await add({ content, ...changed });
	const { news_item } = await post('/cgi-bin/draft/get', { media_id });
	return (news_item as JsonObject[])[0].content;
}

test.each([
	['title', 45003, '字'.repeat(32), '字'.repeat(33)],
	['author', 45110, '字'.repeat(16), '字'.repeat(17)],
	['digest', 45004, '字'.repeat(128), '字'.repeat(129)],
	['content', 45002, '字'.repeat(19_999), '字'.repeat(20_000)],
	['content_source_url', 41039, 'h'.repeat(1024), 'h'.repeat(1025)],
])('the length of %s', async (key, code, fits, isTooLong) => {
	expect(await add({ [key]: fits })).toHaveProperty('media_id');
	expect(await add({ [key]: isTooLong })).toEqual(failure(code));
});

test('an article without content is refused', async () => {
	expect(await add({ content: '' })).toEqual(failure(45166));
});

const newspic = (pictures: number) => ({
	article_type: 'newspic',
	thumb_media_id: undefined,
	image_info: { image_list: Array(pictures).fill({ image_media_id: image }) },
});

test('a post of pictures has one to twenty', async () => {
	expect(await add(newspic(20))).toHaveProperty('media_id');
	expect(await add(newspic(21))).toEqual(failure(40032));
	expect(await add(newspic(0))).toEqual(failure(45166));
});

test.each([
	['scripts', '<p>一</p><script>alert("</p>")</script>二', '<p>一</p>二'],
	['style sheets', '<style>p{color:red}</style><p>一</p>', '<p>一</p>'],
	['a script without an end', '一<script>alert(1)', '一'],
	[
		'classes and IDs',
		'<p class="a b" id=c style="color:red">一</p>',
		'<p style="color:red">一</p>',
	],
	['what happens on clicks', '<p onclick="alert(1)">一</p>', '<p>一</p>'],
	['links to scripts', '<a href="javascript:alert(1)">一</a>', '<a>一</a>'],
	[
		'the short form of backgrounds',
		'<p style="background: #eee;color:red">一</p>',
		'<p style="color:red">一</p>',
	],
	['a style that had nothing else', '<p style="background:#eee">一</p>', '<p>一</p>'],
	['foreign pictures', '<img alt="a > b" src="https://example.com/a.png">', '<img alt="a > b">'],
])('%s are dropped', async (_, content, kept) => expect(await keptOf(content)).toBe(kept));

test.each([
	'<img src="http://mmbiz.qpic.cn/mmbiz/xxx/0?wx_fmt=png" style="width:100%">',
	'<p style="background-color:#eee;background-image:url(data:image/png;base64,A)">一</p>',
	'<section data-role="a"><span leaf="">1 &lt; 2</span></section>',
])('%s stays as it is', async (content) => expect(await keptOf(content)).toBe(content));

test('a post of pictures keeps plain text and product tags', async () => {
	const content = '<p>一<b>二</b></p><mp-common-product data-id="1"></mp-common-product>';
	expect(await keptOf(content, newspic(1))).toBe(
		'一二<mp-common-product data-id="1"></mp-common-product>',
	);
});

// Page plugin_spec: its own example.
test('the public checker answers without a token', async () => {
	const ask = async (content: string) => {
		const url = `${simulator.url}/article-bin/verify_article_structure`;
		const response = await fetch(url, { method: 'POST', body: JSON.stringify({ content }) });
		return parseJson(await response.text());
	};
	const element = "<div style='height: 0;'>Invisible Element</div>";
	expect(await ask(`<html><body>${element}</body></html>`)).toEqual({
		isValid: false,
		inValidInfo: {
			height: {
				violateRules: '页面height设置错误，导致有元素不可见',
				items: [{ outerHTML: element }],
			},
		},
	});
	expect(await ask('<p>一</p>')).toEqual({ isValid: true, inValidInfo: {} });
});

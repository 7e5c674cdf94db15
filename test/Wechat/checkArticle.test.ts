import type { Answer, Call } from '../../nodes/api/apiClient';
import { WECHAT } from '../../nodes/api/response';
import { createStatusError } from '../../nodes/base/connectionError';
import { checkArticle, readLook, type ArticleFields } from '../../nodes/Wechat/checkArticle';

const fields: ArticleFields = { title: '', content: '# 题\n\n文' };

/** WeChat's checker with one answer. */
function createChecker(answer: Answer) {
	const calls: Call[] = [];
	const send = async (call: Call) => {
		calls.push(call);
		return answer;
	};
	return { calls, send };
}

test('an ordinary article is right in each theme, with code, a table and a picture', async () => {
	const content =
		'# 题\n\n**中文：**文字[链接](https://example.com/)\n\n![图](https://example.com/a.png)\n\n' +
		'| a | b |\n| - | - |\n| 1 | 2 |\n\n```js\nconst long = "' +
		'x'.repeat(80) +
		'";\n```\n\n> 引\n\n- [x] 一\n  1. 二';
	for (const theme of ['none', 'plain', 'lines', 'labels'] as const)
		expect(await checkArticle({ ...fields, content, theme })).toMatchObject({ problems: [] });
});

test('a problem has the line of the text, front matter included', async () => {
	const content = '---\ntitle: 题\n---\n\n文\n\n<p style="text-align:start">二</p>';
	expect((await checkArticle({ ...fields, content })).problems).toEqual([
		{
			rule: 'text-align',
			line: 7,
			text: 'Phones disagree about start and end. Write left or right. Found in <p> “二”',
		},
	]);
});

test('fields go before front matter, and limits count what goes to WeChat', async () => {
	const author = '字'.repeat(17);
	const content = `---\nauthor: ${author}\ndigest: ${'字'.repeat(129)}\n---\n\n# 题\n\n文`;
	const { problems } = await checkArticle({ ...fields, content, author: '海伦' });
	expect(problems.map(({ rule }) => rule)).toEqual(['digest']);
	const rules = async (text: string) =>
		(await checkArticle({ ...fields, content: text })).problems.map(({ rule }) => rule);
	expect(await rules(`# 题\n\n${'字'.repeat(19_999)}`)).toEqual(['content']);
	expect(await rules('文')).toEqual(['title']);
	expect(await rules('# 题')).toEqual(['content']);
});

test('a picture counts as it will when it is at WeChat', async () => {
	const count = async (content: string) => (await checkArticle({ ...fields, content })).characters;
	const added = (await count('文\n\n![](binary:a)')) - (await count('文'));
	expect(added).toBeGreaterThan(140);
	expect(added).toBeLessThan(300);
});

// Page plugin_spec: what the checker answers.
test('WeChat’s checker gets the content without a token, and its answer is added', async () => {
	const outerHTML = `<p>${'字'.repeat(200)}</p>`;
	const { calls, send } = createChecker({
		isValid: false,
		inValidInfo: {
			pre: { violateRules: '标签', items: Array(50).fill({ outerHTML }) },
			width: null,
		},
	});
	const { isValid, problems } = await checkArticle({ ...fields, theme: 'none' }, { send });
	expect(calls).toMatchObject([{ host: 'mp', bearer: 'none', body: { content: '<p>文</p>' } }]);
	expect(isValid).toBe(false);
	expect(problems).toHaveLength(10);
	expect(problems[0]).toEqual({ rule: 'pre', text: `WeChat: 标签 <p>${'字'.repeat(77)}…` });
});

test.each([
	[{ isValid: false }, ['wechat']],
	[{ isValid: true, inValidInfo: {} }, []],
	[{}, []],
])('%j of the checker', async (answer, rules) => {
	const { problems } = await checkArticle(fields, createChecker(answer));
	expect(problems.map(({ rule }) => rule)).toEqual(rules);
});

test('a relay that does not know the checker is told where it is', async () => {
	const response = {
		status: 404,
		contentType: 'text/html',
		disposition: '',
		body: Buffer.from(''),
	};
	const error = createStatusError(response, { peer: WECHAT, path: '/x' });
	const send = async () => await Promise.reject(error);
	await expect(checkArticle(fields, { send })).rejects.toMatchObject({
		hint: expect.stringContaining('must lead to mp.weixin.qq.com') as unknown,
	});
});

test.each([
	['nothing', ''],
	['blanks', ' \n\u3000\n '],
	['a script', '<script>alert(1)</script>'],
	['half a tag', '<p style="'],
])('of %s, title and content are missing', async (_, content) => {
	for (const format of ['markdown', 'html'] as const) {
		const { problems } = await checkArticle({ title: ' ', content, format });
		expect(problems.map(({ rule }) => rule)).toEqual(['title', 'content']);
	}
});

test('a look that nobody chose is plain, with references', () => {
	expect(readLook({ ...fields, accent: '' })).toEqual({ theme: 'plain', links: 'references' });
	expect(readLook({ ...fields, theme: 'none', accent: '#07c160', links: 'text' })).toEqual({
		theme: 'none',
		accent: '#07c160',
		links: 'text',
	});
});

test('elements deeper than anybody needs are an error', async () => {
	const content = '<div>'.repeat(100_000);
	await expect(checkArticle({ ...fields, content, format: 'html' })).rejects.toThrow('200 deep');
});

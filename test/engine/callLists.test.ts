import type { ILoadOptionsFunctions } from 'n8n-workflow';
import { createSearchCalls } from '../../nodes/engine/callLists';
import { domains } from '../../nodes/WechatOpenPlatform/resources/domain';
import { drafts } from '../../nodes/Wechat/resources/draft';
import { articles } from '../../nodes/Wechat/resources/article';
import { tags } from '../../nodes/Wechat/resources/tag';

const context = {} as ILoadOptionsFunctions;

async function search(filter: string, catalog?: 'calls' | 'payCalls'): Promise<unknown[]> {
	const { results } = await createSearchCalls([], async () => [], catalog).call(context, filter);
	return results.map(({ value }) => value);
}

// As docs/api-coverage.md, and as WeChat's own pages print them.
test.each([
	'POST /customservice/msgrecord/getrecord',
	'https://api.weixin.qq.com/customservice/msgrecord/getrecord?access_token=ACCESS_TOKEN',
	'获取客服聊天记录 旧版',
])('a call is found by what people paste: %s', async (filter) => {
	expect(await search(filter)).toContain('/customservice/msgrecord/getrecord');
});

test('a query that is a part of the call stays', async () => {
	const path = '/wxa/component/fastregisterpersonalweapp';
	const found = await search(`${path}?action=query&component_access_token=TOKEN`);
	expect(found).toEqual([`${path}?action=query`]);
});

test('a call of WeChat Pay is found by method and path', async () => {
	const found = await search('POST /v3/pay/transactions/jsapi', 'payCalls');
	expect(found).toContain('POST /v3/pay/transactions/jsapi');
});

// The editor shows about 50 characters of a row, and its title is there already.
test.each([
	[
		'/cgi-bin/tags/create',
		[tags],
		'Create Tag (创建标签), easier: Tag: Create – /cgi-bin/tags/create',
	],
	[
		'/cgi-bin/draft/get',
		[articles, tags, drafts],
		'Get Draft (获取草稿详情), easier: Article: Get as Markdown, Draft: Get – /cgi-bin/draft/get',
	],
	// The same path also gets what it changes.
	[
		'/wxa/modify_domain',
		[domains],
		'Change Server Domains (配置小程序服务器域名), easier: Mini Program Domain: Change Server Domains – /wxa/modify_domain',
	],
	[
		'/cgi-bin/get_api_domain_ip',
		[tags],
		'Get API Server IPs (获取微信 API 服务器 IP) – /cgi-bin/get_api_domain_ip',
	],
])('the row of %s names the operations that are easier', async (key, own, name) => {
	const { results } = await createSearchCalls(own, async () => []).call(context, key);
	expect(results.find(({ value }) => value === key)?.name).toBe(name);
});

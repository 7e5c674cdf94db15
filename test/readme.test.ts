import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources as ofSocialinzen } from '../nodes/Socialinzen/Socialinzen.node';
import { resources as ofWechat } from '../nodes/Wechat/Wechat.node';
import { resources as ofPay } from '../nodes/WechatPay/WechatPay.node';
import { resources as ofReply } from '../nodes/WechatReply/WechatReply.node';
import { resources as ofSoter } from '../nodes/WechatSoter/WechatSoter.node';
import { resources as ofPlatform } from '../nodes/WechatOpenPlatform/WechatOpenPlatform.node';

const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
const readme = read('README.md');

test.each([
	['WeChat', ofWechat],
	['WeChat Reply', ofReply],
	['WeChat Open Platform', ofPlatform],
	['WeChat Pay', ofPay],
	['WeChat SOTER', ofSoter],
	['Socialinzen', ofSocialinzen],
])('the table of operations of %s is the one of the node', (node, resources) => {
	const told = readme
		.split(`## Operations of the ${node} node\n`)[1]
		.split('##')[0]
		.matchAll(/^\| ([A-Z][^|]+?) +\| (.+?) +\|$/gm);
	const table = [...told].map(([, name, operations]) => [name, operations.split(', ')]);
	const real = resources.map(({ name, operations }) => [
		name,
		operations.map((operation) => operation.name),
	]);
	expect(Object.fromEntries(table.slice(1))).toEqual(Object.fromEntries(real));
});

test('the two commands are real, in both languages, and CI runs the second', () => {
	const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
	expect(Object.keys(scripts)).toEqual(
		expect.arrayContaining(['demo', 'test', 'e2e', 'bench', 'simulator']),
	);
	for (const text of [readme, read('README.zh-CN.md')])
		for (const command of ['npm ci && npm run demo', 'npm ci && npm test'])
			expect(text).toContain(command);
	expect(read('.ci/run')).toContain('npm ci && npm test');
});

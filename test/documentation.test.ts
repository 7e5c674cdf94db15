import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resources as platform } from '../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import { resources as account } from '../nodes/Wechat/Wechat.node';

/** Below https://developers.weixin.qq.com/doc/; the pages of mini programs lie beside it. */
const PAGE =
	/^(?:service|subscription|offiaccount|oplatform|channels|\.\.\/miniprogram\/dev|\.\.\/minigame\/dev)(?:\/[\w.-]+)+\.html$|^\.\.\/community\/develop\/doc\/[0-9a-f]+$/;

/** Of calls for the code of mini programs (代码管理) the paths are known, the addresses of their pages are not. */
const UNNAMED = ['code', 'domain', 'privacy', 'release', 'review', 'template', 'tester'];

/** They look at what is stored here. */
const CALLS_NOBODY = ['account: forget', 'platform: get'];

/** The call is chosen when the node is edited; the list links its page. */
const ANY_CALL = 'api';

const operations = [
	...account.filter(({ value }) => value !== ANY_CALL),
	...platform.filter(({ value }) => ![...UNNAMED, ANY_CALL].includes(value)),
].flatMap((of) => of.operations.map(({ value, doc }) => ({ name: `${of.value}: ${value}`, doc })));

test('every operation that calls WeChat names its page of the documentation', () => {
	const silent = operations.filter(({ doc }) => doc === undefined);
	expect(silent.map(({ name }) => name)).toEqual(CALLS_NOBODY);
});

test('the pages that operations name are addresses of the documentation', () => {
	const named = operations.filter(({ doc }) => doc !== undefined);
	const odd = named.filter(({ doc = '' }) => !PAGE.test(doc));
	expect(odd.map(({ name, doc }) => `${name}: ${doc}`)).toEqual([]);
	expect(named.length).toBeGreaterThan(0);
});

test('the example of CONTRIBUTING.md stands in its table', () => {
	const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
	const guide = read('CONTRIBUTING.md');
	const [, file = '', example = ''] = /for example `([^`]+)`:\s+```ts\n(.*?)```/s.exec(guide) ?? [];
	const bare = (text: string) => text.replace(/\s+/g, ' ').trim();
	expect(example).toContain('path:');
	expect(bare(read(file))).toContain(bare(example));
});

test('each finding has its line in the index, with the sentence that it begins with', () => {
	const folder = join(__dirname, '..', 'findings');
	const index = readFileSync(join(folder, 'README.md'), 'utf8');
	const scripts = readdirSync(folder).filter((name) => name.endsWith('.sh'));
	const listed = [...index.matchAll(/^\| \[[\w-]+\]\(([\w-]+\.sh)\) +\| (.+?) +\|$/gm)];
	expect(listed.map(([, name]) => name)).toEqual(scripts.toSorted());
	for (const [, name, line] of listed) {
		const script = readFileSync(join(folder, name), 'utf8');
		const [, head = ''] = /^#!.*\n((?:# .+\n)+)/.exec(script) ?? [];
		expect(line).toBe(head.replace(/^# /gm, '').trim().replaceAll('\n', ' '));
	}
});

test.each(['docs/architecture.md', 'docs/zh-CN/architecture.md'])(
	'the steps of %s name functions that are there',
	(page) => {
		const read = (file: string) => readFileSync(join(__dirname, '..', file), 'utf8');
		const steps = [...read(page).matchAll(/^\d+\. `([^`]+\.ts)` `(\w+)\(\)`/gm)];
		expect(steps.length).toBeGreaterThan(20);
		const missing = steps.filter(
			([, file, name]) => !new RegExp(`function ${name}\\b|const ${name} =`).test(read(file)),
		);
		expect(missing.map(([step]) => step)).toEqual([]);
	},
);

import { searchGroups } from '../../nodes/Wechat/listSearch/users';
import { editorContext, prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const simulator = useSimulator({ followers: 3 });
const run = async (params: Record<string, string | object>) =>
	await runNode('wechat', { resource: 'group', ...params }, credentialsFor(simulator()));
const id = (value: string) => ({ __rl: true, mode: 'id', value });

test.each([
	['create', { name: 'a' }, '/cgi-bin/groups/create', 'Tag > Create'],
	['delete', { group: id('100') }, '/cgi-bin/groups/delete', 'Tag > Delete'],
	['getAll', {}, '/cgi-bin/groups/get', 'Tag > Get Many'],
	['getOfUser', { openid: 'o' }, '/cgi-bin/groups/getid', 'Tag > Get of User'],
	['moveUser', { openid: 'o', group: id('1') }, '/cgi-bin/groups/members/update', 'Blacklist'],
	[
		'moveUsers',
		{ openid_list: 'o', group: id('100') },
		'/cgi-bin/groups/members/batchupdate',
		'Tag > Add to Users',
	],
	['rename', { group: id('100'), name: 'a' }, '/cgi-bin/groups/update', 'Tag > Rename'],
])('where %s is gone, the error names what does the same', async (operation, params, path, tag) => {
	simulator().fault({ path, answer: { errcode: 48001, errmsg: 'api unauthorized rid: 1-2-3' } });
	const { error } = await run({ operation, ...params });
	expect(error?.message).toContain('48001');
	expect(error?.description).toContain('tags only');
	expect(error?.description).toContain(tag);
	expect(error?.description).toContain('rid 1-2-3');
});

test('a refusal for another reason does not mention tags', async () => {
	const { error } = await run({ operation: 'delete', group: id('2') });
	expect(error?.message).toContain('45016');
	expect(error?.description).not.toContain('tags only');
});

test('groups can be chosen, and users are in one at a time', async () => {
	const [openid] = simulator().openids();
	const { output } = await run({ operation: 'create', name: 'VIP' });
	const made = String(output[0].json.id);
	const context = editorContext('wechat', { resource: 'group' }, credentialsFor(simulator()));
	const all = await searchGroups.call(context);
	expect(all.results.map(({ name }) => name)).toEqual([
		'未分组 (3)',
		'黑名单 (0)',
		'星标组 (0)',
		'VIP (0)',
	]);
	expect((await searchGroups.call(context, 'vip')).results).toEqual([
		{ name: 'VIP (0)', value: made },
	]);
	await run({ operation: 'moveUser', openid, group: id('2') });
	await run({ operation: 'moveUser', openid, group: id(made) });
	const of = await run({ operation: 'getOfUser', openid });
	expect(of.output.map(({ json }) => json)).toEqual([{ groupid: Number(made) }]);
});

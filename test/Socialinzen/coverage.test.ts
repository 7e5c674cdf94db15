import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixturesIn } from '../support/operations';

/** The calls that the server's document lists, and the one operation that each is, by resource. */
const OPERATION: Record<string, string> = {
	'szn.addReply': 'replyRule.add',
	'szn.createGroup': 'group.create',
	'szn.deleteReply': 'replyRule.delete',
	'szn.getGroups': 'group.getAll',
	'szn.getGroupUsers': 'group.getUsers',
	'szn.getMaterialByType': 'material.getAll',
	'szn.getMaterialCount': 'material.getCount',
	'szn.getWhichGroup': 'group.getOfUser',
	'szn.jsticket': 'jsSdk.get',
	'szn.listReply': 'replyRule.getAll',
	'szn.logout': 'user.logOut',
	'szn.moveUserToGroup': 'group.moveUser',
	'szn.qrcode': 'qrCode.create',
	'szn.register': 'user.register',
	'szn.removeMaterial': 'material.delete',
	'szn.updateGroup': 'group.rename',
	'szn.updateRemark': 'follower.setRemark',
	'szn.uploadLogo': 'material.uploadLogo',
	'szn.uploadMaterial': 'material.upload',
	'szn.uploadVideoMaterial': 'material.uploadVideo',
};
/** Calls that no operation makes, and why. */
const WITHOUT_OPERATION: Record<string, string> = {
	'szn.login': 'the client logs in itself; its token must not get into items',
	'szn.webauth': 'a page for browsers; Web Authorization: Get Link makes its address',
};

const endpoints = (
	JSON.parse(readFileSync(join(__dirname, '..', 'fixtures', 'coverage.json'), 'utf8')) as Array<{
		id: string;
		method: string;
		path: string;
	}>
).filter(({ id }) => id.startsWith('szn.'));
const fixtures = fixturesIn('socialinzen');

test('each call of the document is an operation, or it is said why not', () => {
	const told = [...Object.keys(OPERATION), ...Object.keys(WITHOUT_OPERATION)];
	expect(told.sort()).toEqual(endpoints.map(({ id }) => id).sort());
	expect(endpoints).toHaveLength(22);
});

test.each(endpoints.filter(({ id }) => id in OPERATION))(
	'$id: $method $path is what the fixtures of its operation ask for',
	({ id, method, path }) => {
		const [resource, operation] = OPERATION[id].split('.');
		const asked = fixtures[resource][operation].map(({ request }) => request);
		expect(asked.length).toBeGreaterThan(0);
		for (const request of asked) expect(request).toMatchObject({ method, path });
	},
);

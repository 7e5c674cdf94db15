/**
 * What the panels of the triggers show. n8n asks for lists with the credential that is chosen, and without the node's ID
 * (n8n 2.8.4, DynamicNodeParametersService).
 */
import type { INode, INodePropertyOptions } from 'n8n-workflow';
import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { WechatTrigger } from '../../nodes/WechatTrigger/WechatTrigger.node';
import { buildPush } from '../simulator';
import { createTestClock, type TestClock } from '../support/clock';
import { credentialTestContext, editorContext, prepareN8n, type Credentials } from '../support/n8n';
import { restartProcess, services } from '../support/services';
import { credentialsFor, useSimulator } from '../support/simulator';
import { callWebhook } from '../support/webhook';

prepareN8n();
const simulator = useSimulator();

let clock: TestClock;
let type: WechatTrigger;
let credentials: Credentials;

beforeEach(() => {
	restartProcess();
	clock = createTestClock();
	type = new WechatTrigger({ ...services, clock });
	credentials = credentialsFor(simulator());
});

const MINUTE_MS = 60_000;
const parameters: INode['parameters'] = {
	authentication: 'officialAccount',
	kinds: ['message.text'],
};

/** What the list shows when n8n's own address is this one. */
async function show(address = 'https://n8n.example.com'): Promise<INodePropertyOptions[]> {
	const context = editorContext('wechatTrigger', parameters, credentials);
	jest.spyOn(context, 'getInstanceBaseUrl').mockReturnValue(address);
	return await type.methods.loadOptions.getConnectionStatus.call(context);
}
const listNames = async (address?: string) => (await show(address)).map(({ name }) => name);

async function push(changes: Record<string, string> = {}, below?: string): Promise<void> {
	const message = { FromUserName: 'oUser', MsgType: 'text', Content: 'Hi', MsgId: '1' } as const;
	const timestamp = String(Math.floor(clock.now() / 1000));
	const { query, body } = buildPush(simulator().account, message, { timestamp });
	await callWebhook(
		{ method: 'POST', query: { ...query, ...changes }, body, below },
		parameters,
		credentials,
		undefined,
		{ type },
	);
}

test('nothing has come', async () =>
	expect(await show()).toEqual([
		{ name: 'Nothing has come from WeChat yet (还没有收到推送)', value: 'latest' },
	]));

test('the newest stands first, which a closed list shows', async () => {
	await push({ msg_signature: 'f'.repeat(40) });
	clock.turn(3 * MINUTE_MS);
	await push();
	clock.turn(2 * 60 * MINUTE_MS);
	await push({ encrypt_type: 'rot13' });
	const shown = await show();
	expect(shown.map(({ name }) => name)).toEqual([
		'Refused just now (已拒绝): The encryption "rot13" is unknown.',
		'Accepted 2 h ago (已接收)',
		expect.stringMatching(/^Refused 2 h ago \(已拒绝\): The signature \(msg_signature\) is.*…$/),
	]);
	expect(shown.map(({ value }) => value)).toEqual(['latest', '1', '2']);
	expect(shown[2].description).toMatch(/Token in the credential differs.*WeChat console\.$/);
});

test('a reason that comes again is one line, and five are kept', async () => {
	for (let count = 0; count < 3; count++) await push({ encrypt_type: 'same' });
	expect(await listNames()).toHaveLength(1);
	for (let count = 0; count < 9; count++) await push({ encrypt_type: `other${count}` });
	expect(await listNames()).toHaveLength(5);
});

test('what a stranger writes is no HTML in the editor', async () => {
	await push({}, '<a href=//x.io>');
	const [{ name, description = '' }] = await show();
	expect(name).toContain('"<a href=//');
	expect(description).toContain('&lt;a href=//x.io&gt;');
});

test('an address that WeChat cannot reach stands first until a push has come', async () => {
	const [first, second] = await show('http://localhost:5678');
	expect(first.name).toMatch(/^Address \(地址\): can be reached from this network only/);
	expect(first.description).toMatch(/n8n takes http:\/\/localhost:5678 for its own.*WEBHOOK_URL/);
	expect(second.name).toMatch(/^Nothing has come/);
	await push();
	const names = await listNames('http://localhost:5678');
	expect(names[0]).toBe('Accepted just now (已接收)');
	expect(names[1]).toMatch(/^Address /);
});

test('another credential knows nothing of it', async () => {
	await push({ encrypt_type: 'rot13' });
	credentials = credentialsFor(simulator());
	expect(await listNames()).toEqual([expect.stringMatching(/^Nothing has come/)]);
});

test('the test of the credential tells the last refusal, until a push was accepted', async () => {
	const { testOfficialAccount } = createCredentialTests({ ...services, clock });
	const test = async () =>
		await testOfficialAccount.call(credentialTestContext(), {
			id: credentials.id,
			name: 'n',
			type: 'wechatOfficialAccountApi',
			data: credentials.data,
		});
	await push({ encrypt_type: 'rot13' });
	expect(await test()).toMatchObject({
		status: 'OK',
		message: expect.stringMatching(/Refused just now \(已拒绝\): The encryption "rot13"/) as string,
	});
	clock.turn(1);
	await push();
	expect((await test()).message).not.toContain('Refused');
});

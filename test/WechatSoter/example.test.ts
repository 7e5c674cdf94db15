import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IDataObject, IWorkflowBase } from 'n8n-workflow';
import { MOBILE_APP_ACCOUNT as APP, Phone } from '../simulator';
import { prepareN8n, runWorkflow } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
// Keys are made before the tests: that takes seconds on a busy machine.
const phone = new Phone();
const stranger = new Phone();
const simulator = useSimulator({ accounts: [APP], phones: [phone] });
const file = join(__dirname, '..', 'workflows', 'soter-login-check.json');
const example = JSON.parse(readFileSync(file, 'utf8')) as IWorkflowBase;

const challenge = 'login 4711';

/** What the app sends, and what the server knows. */
function login(changes: IDataObject = {}, by = phone) {
	const [ask, authKey, result] = [by.exportAsk(), by.exportAuthKey(), by.confirm(challenge)];
	return {
		ask_json: ask.json,
		ask_json_signature: ask.signature,
		auth_key_json: authKey.json,
		auth_key_json_signature: authKey.signature,
		result_json: result.json,
		result_json_signature: result.signature,
		challenge,
		last_counter: 0,
		...changes,
	};
}

async function run(...logins: IDataObject[]) {
	const { appId, secret: appSecret } = APP;
	const credentials = credentialsFor(simulator(), { appId, appSecret, kind: 'mobileApp' });
	const nodes = example.nodes.map(({ credentials: placeholder, ...node }) => ({
		...node,
		type: node.type.replace('executeWorkflowTrigger', 'start'),
		...(placeholder && { credentials: credentials.references }),
	}));
	const input = logins.map((json) => ({ json }));
	return await runWorkflow({ ...example, nodes }, credentials, input, 'Login of the app');
}
const checked = async (...logins: IDataObject[]) => {
	const { items, error } = await run(...logins);
	expect(error).toBeUndefined();
	return items('Verify finger or face').map(({ json }) => json);
};

test('the owner of a genuine phone is let in, with a counter to store', async () => {
	const [found] = await checked(login());
	expect(found).toMatchObject({ verified: true, raw: challenge, cpu_id: '10', uid: '21' });
	expect(found.counter).toBeGreaterThan(0);
});

test('each login of a run gets its own verdict', async () => {
	const again = login();
	const { counter } = JSON.parse(again.result_json) as { counter: number };
	const found = await checked(login({ challenge: 'another' }), login(), {
		...again,
		last_counter: counter,
	});
	expect(found.map(({ verified, reason }) => [verified, reason])).toEqual([
		[false, 'challenge'],
		[true, undefined],
		[false, 'counter'],
	]);
});

test('what another phone has confirmed is not let in', async () => {
	const other = login({}, stranger);
	const [found] = await checked(
		login({
			result_json: other.result_json,
			result_json_signature: other.result_json_signature,
		}),
	);
	expect(found).toEqual({ verified: false, reason: 'signature' });
});

test('a phone that WeChat does not vouch for ends the run', async () => {
	const { error, items } = await run(login({}, stranger));
	expect(error?.message).toBe('"ASK" is missing');
	expect(items('Verify finger or face')).toEqual([]);
});

test('an auth key that the phone has not signed ends the run', async () => {
	const { auth_key_json, auth_key_json_signature } = login({}, stranger);
	const { error } = await run(login({ auth_key_json, auth_key_json_signature }));
	expect(error?.message).toBe('"Auth Key" is missing');
});

import {
	MINI_PROGRAM_ACCOUNT as MINI,
	MOBILE_APP_ACCOUNT as APP,
	Phone,
	startSimulator,
	type SimAccount,
	type Simulator,
} from '..';
import { printJson, type JsonObject } from '../http/json';
import { failure, OK } from './support';

const phone = new Phone();
let simulator: Simulator;
beforeAll(async () => {
	simulator = await startSimulator({ accounts: [APP, MINI], phones: [phone] });
});
afterAll(async () => await simulator.close());

async function ask(path: string, body?: object): Promise<JsonObject> {
	const init = body && { method: 'POST', body: printJson(body) };
	const response = await fetch(simulator.url + path, init);
	expect(response.status).toBe(200);
	return (await response.json()) as JsonObject;
}
async function call(path: string, body: object, { appId, secret }: SimAccount = APP) {
	const query = `grant_type=client_credential&appid=${appId}&secret=${secret}`;
	const { access_token } = await ask(`/cgi-bin/token?${query}`);
	return await ask(`${path}?access_token=${String(access_token)}`, body);
}

const model = (name: string) =>
	`<deviceinfo><MANUFACTURER name="vivo"><MODEL name="${name}"></MODEL></MANUFACTURER></deviceinfo>`;
const askOf = ({ json, signature }: { json: string; signature: string }) => ({
	ask_json: json,
	ask_json_signature: signature,
});

// The document has both spellings: one in its headings, one in its examples.
describe.each(['/cgi-bin/soter_3rdapp', '/soter_3rdapp'])('%s', (folder) => {
	it('knows devices', async () => {
		const path = `${folder}/is_support`;
		const known = { model_key: model('vivo X6D') };
		expect(await call(path, known)).toEqual({ is_support: true });
		expect(await call(path, { ...known, sdk_version: 2 })).toEqual({
			is_support: true,
			support_type: 1,
		});
		expect(await call(path, { model_key: model('X') })).toEqual({ is_support: false });
		expect(await call(path, { model_key: '<a' })).toEqual(failure(90001, 'xml'));
		expect(await call(path, { model_key: '<a></a>' })).toEqual(failure(90002, 'node'));
		expect(await call(path, { ...known, more: 1 })).toEqual(failure(47003, 'more'));
	});

	it('knows root keys', async () => {
		const path = `${folder}/verify_ask`;
		const right = askOf(phone.exportAsk());
		expect(await call(path, right)).toEqual({ is_verified: true, attk_version: 2 });
		const blanks = { ...right, ask_json: JSON.stringify(JSON.parse(right.ask_json)) };
		expect(await call(path, blanks)).toEqual({ is_verified: false, attk_version: 2 });
		const { ask_json, ask_json_signature } = right;
		expect(await call(path, { ask_json_signature })).toEqual(failure(90001));
		expect(await call(path, { ...right, ask_json: '' })).toEqual(failure(90001));
		expect(await call(path, { ask_json })).toEqual(failure(90002));
		expect(await call(path, { ...right, ask_json_signature: '' })).toEqual(failure(90002));
		expect(await call(path, { ...right, ask_json: 'x' })).toEqual(failure(90003));
		expect(await call(path, askOf(phone.exportAsk({ cpu_id: 10 })))).toEqual(failure(90004));
		expect(await call(path, askOf(phone.exportAsk({ cpu_id: '11' })))).toEqual(failure(90005));
	});

	it('is for mobile apps', async () => {
		expect(await call(`${folder}/is_support`, { model_key: 'x' }, MINI)).toEqual(failure(48001));
		const right = askOf(phone.exportAsk());
		expect(await call(`${folder}/verify_ask`, right, MINI)).toEqual(failure(48001));
	});
});

it('gives mobile apps no stable token', async () => {
	const { appId: appid, secret } = APP;
	const body = { grant_type: 'client_credential', appid, secret };
	expect(await ask('/cgi-bin/stable_token', body)).toEqual(failure(48001));
	expect(await ask('/cgi-bin/stable_token', { ...body, secret: 'x' })).toEqual(failure(40125));
});

it('checks what users of mini programs have confirmed', async () => {
	const path = '/cgi-bin/soter/verify_signature';
	const [openid, other] = simulator.openids(MINI.appId);
	const { json: json_string, signature: json_signature } = phone.confirm('challenge');
	const right = { openid, json_string, json_signature };
	expect(await call(path, right, MINI)).toEqual({ ...OK, is_ok: true });
	expect(await call(path, { ...right, openid: other }, MINI)).toEqual({ ...OK, is_ok: false });
	const changed = { ...right, json_string: `${json_string} ` };
	expect(await call(path, changed, MINI)).toEqual({ ...OK, is_ok: false });
	expect(await call(path, { ...right, openid: 'o' }, MINI)).toEqual(failure(40003));
	expect(await call(path, right)).toEqual(failure(48001));
});

import assert from 'node:assert/strict';
import { GET_PATH, SEND_PATH } from '../../../nodes/pay/redPacket';
import { startPay, type PayServer } from '../../simulator/pay';
import { redPacketForSurvey } from '../workflows/exampleWorkflows';
import { findError } from '../n8n/execution';
import { listPackErrors } from '../services/log';
import { withCredential } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import { PAY_TYPE as TYPE, toPayCredential } from '../n8n/credentials';

const HEADER = { name: 'x-survey', value: 'a-word-between-survey-and-n8n' };

const scenario: Scenario = {
	name: 'pay',
	run: async (environment) => {
		const server = await startPay();
		try {
			await testsCredential(environment, server);
			await paysOnce(environment, server);
		} finally {
			await server.close();
		}
	},
};

export default scenario;

async function testsCredential(
	{ check, session }: ScenarioEnvironment,
	server: PayServer,
): Promise<void> {
	const right = toPayCredential(server);
	const pem = { files: 'pem', certificate: server.client.cert, privateKey: server.client.key };
	const credential = await session.createCredential('tested', TYPE, right);
	const verdicts: Array<[string, Record<string, string>, RegExp]> = [
		['right values', {}, /^OK WeChat Pay accepts/],
		[
			'PEM files whose line breaks are lost',
			{ ...pem, privateKey: server.client.key.replaceAll('\n', ' ') },
			/^OK /,
		],
		['a wrong key', { apiKey: 'x'.repeat(32) }, /^Error .*API v2 Key/],
		['a wrong passphrase', { passphrase: 'x' }, /^Error The passphrase/],
		['another merchant', { mchId: '1900000110', passphrase: server.mchId }, /^Error .*CA_ERROR/],
	];
	for (const [what, changes, expected] of verdicts)
		await check(`the test of the credential says so: ${what}`, async () => {
			const data = { ...right, ...changes };
			const { status, message } = await session.testCredential({ ...credential, type: TYPE, data });
			assert.match(`${status} ${message}`, expected);
		});
}

async function paysOnce(
	{ check, n8n, session }: ScenarioEnvironment,
	server: PayServer,
): Promise<void> {
	const merchant = toPayCredential(server);
	const pay = await session.createCredential('pay', TYPE, merchant);
	const door = await session.createCredential('survey', 'httpHeaderAuth', HEADER);
	const survey = withCredential(
		withCredential(redPacketForSurvey, TYPE, pay),
		'httpHeaderAuth',
		door,
	);
	const { id } = await session.createWorkflow(survey);
	await session.activate(id);
	let runs = 0;
	/** What the run for an answer says, and the packet that it puts out. */
	const answer = async (answerId: string, openid: string) => {
		const response = await fetch(`${n8n.url}/webhook/survey-answer`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', [HEADER.name]: HEADER.value },
			body: JSON.stringify({ answerId, openid }),
		});
		assert.equal(response.status, 200);
		const [execution] = await session.executions(id, ++runs, 60_000);
		assert.equal(findError(execution), undefined);
		return session.listItems(execution, 'Red packet')[0];
	};

	await check('a red packet whose answer is lost is paid once, and the run succeeds', async () => {
		server.fault({ path: SEND_PATH, work: 'done', cut: 'read' });
		const packet = await answer('a1', 'oFirstReader');
		assert.equal(packet.mch_billno, 'surveya1');
		assert.equal(packet.status, 'SENT');
		assert.equal(packet.total_amount, 100);
		assert.equal(server.paymentsTo('oFirstReader'), 1);
	});

	await check('an answer to the survey that comes twice is one packet', async () => {
		await answer('a1', 'oFirstReader');
		assert.equal(server.paymentsTo('oFirstReader'), 1);
	});

	await check('Retry On Fail of n8n pays once', async () => {
		const before = server.count(SEND_PATH);
		// Paid, but nothing that WeChat says tells of it.
		server.fault({ path: SEND_PATH, work: 'done', errCode: 'NOTENOUGH' });
		server.fault({ path: GET_PATH, errCode: 'NOT_FOUND' });
		const packet = await answer('a2', 'oSecondReader');
		assert.equal(packet.mch_billno, 'surveya2');
		assert.equal(server.count(SEND_PATH), before + 2);
		assert.equal(server.paymentsTo('oSecondReader'), 1);
	});

	await check('Retry On Fail pays once with an order number that the node makes', async () => {
		const nodes = survey.nodes.map(({ parameters, ...node }) => ({
			...node,
			parameters: { ...parameters, ...(node.name === 'Red packet' && { mch_billno: '' }) },
		}));
		await session.deactivate(id);
		const other = await session.createWorkflow({ ...survey, nodes });
		await session.activate(other.id);
		server.fault({ path: SEND_PATH, work: 'done', errCode: 'NOTENOUGH' });
		server.fault({ path: GET_PATH, errCode: 'NOT_FOUND' });
		await fetch(`${n8n.url}/webhook/survey-answer`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', [HEADER.name]: HEADER.value },
			body: JSON.stringify({ answerId: 'a3', openid: 'oThirdReader' }),
		});
		const [execution] = await session.executions(other.id, 1, 60_000);
		assert.equal(findError(execution), undefined);
		const [packet] = session.listItems(execution, 'Red packet');
		assert.match(String(packet.mch_billno), /^[0-9a-f]{28}$/);
		assert.equal(server.paymentsTo('oThirdReader'), 1);
		await session.deactivate(other.id);
	});

	await check('nothing secret is in executions, workflows, the browser or the log', async () => {
		const told = [
			JSON.stringify(await session.api('GET', '/executions?includeData=true&limit=250')),
			JSON.stringify(await session.rest('GET', `/rest/workflows/${id}`)),
			JSON.stringify(await session.rest('GET', `/rest/credentials/${pay.id}?includeData=true`)),
			n8n.log(),
		].join('\n');
		const { key, cert } = server.client;
		const lines = [...key.split('\n'), ...cert.split('\n')].filter((line) => line.length === 64);
		const pieces = merchant.pkcs12.match(/.{64}/g) ?? [];
		assert.ok(lines.length + pieces.length > 50);
		for (const secret of [server.apiKey, ...lines, ...pieces])
			assert.ok(!told.includes(secret), 'a secret is told');
		assert.deepEqual(listPackErrors(n8n.log()), []);
	});
}

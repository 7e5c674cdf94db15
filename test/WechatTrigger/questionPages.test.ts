import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INodeParameters } from 'n8n-workflow';
import type { QuestionResume } from '../../nodes/conversation/question';
import { DEFAULT_ACCOUNT, SECOND_ACCOUNT } from '../simulator';
import { execution, prepareN8n, runNode, type Credentials } from '../support/n8n';
import { credentialsFor, newPlatformCredentialsFor, useSimulator } from '../support/simulator';
import { serveTrigger, type Served } from '../support/webhook';

prepareN8n();
const accounts = [DEFAULT_ACCOUNT, SECOND_ACCOUNT];
const simulator = useSimulator({ accounts, followers: 2 });
const TEMPLATE = '/cgi-bin/message/template/send';

/** Stands in for the waiting webhooks of n8n, which know nothing of what a person sees. */
let n8n: Server;
let resumed: QuestionResume[];
let isAccepted: boolean;
const { waitingUrl } = execution;

beforeAll(async () => {
	n8n = createServer((request, response) => {
		void (async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const body = JSON.parse(Buffer.concat(chunks).toString()) as QuestionResume;
			resumed.push(body);
			response.setHeader('content-type', 'application/json');
			response.end(JSON.stringify({ question: body.question, isAccepted }));
		})();
	});
	await new Promise<void>((resolve) => n8n.listen(0, '127.0.0.1', resolve));
	const { port } = n8n.address() as AddressInfo;
	execution.waitingUrl = `http://127.0.0.1:${port}/webhook-waiting`;
});
beforeEach(() => {
	resumed = [];
	isAccepted = true;
});
afterAll(async () => {
	execution.waitingUrl = waitingUrl;
	n8n.closeAllConnections();
	await new Promise((resolve) => n8n.close(resolve));
});

const approve = { responseType: 'approval' };
const form = {
	responseType: 'form',
	formFields: {
		values: [
			{ fieldLabel: 'How many <b>?', fieldName: 'people', fieldType: 'number' },
			{ fieldLabel: 'Which day?', fieldName: 'day', fieldType: 'choice', choices: 'Mon\n"Tue"' },
			{ fieldLabel: 'Wishes?', fieldName: 'wishes', fieldType: 'text' },
		],
	},
};

describe.each([
	['an account', DEFAULT_ACCOUNT.appId, {}],
	[
		'an account of a platform',
		SECOND_ACCOUNT.appId,
		{
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: SECOND_ACCOUNT.appId },
		},
	],
])('a page of %s', (_, appId, own) => {
	let credentials: Credentials;
	let trigger: Served;
	const openids = () => simulator().openids(appId);
	beforeEach(async () => {
		const isPlatform = 'authentication' in own;
		credentials = isPlatform ? newPlatformCredentialsFor(simulator()) : credentialsFor(simulator());
		trigger = await serveTrigger(own, credentials);
		if (!isPlatform) return;
		const { platform } = simulator();
		platform.connect({ events: trigger.url, messages: `${trigger.url}/$APPID$` });
		await platform.pushTicket();
		await platform.authorize(appId);
		await trigger.idle();
	});
	afterEach(async () => await trigger.close());

	const run = async (parameters: INodeParameters, options: INodeParameters = {}) =>
		await runNode(
			'wechat',
			{
				...own,
				resource: 'customerServiceMessage',
				operation: 'sendAndWait',
				touser: openids()[0],
				message: 'Ship it?',
				...parameters,
				questionOptions: {
					pageUrl: trigger.url,
					templateId: 'T1',
					templateData: '{ "thing1": "Ship it?" }',
					...options,
				},
			},
			credentials,
		);

	/** Asks on a page. Answers the link in the template message. */
	async function ask(parameters: INodeParameters): Promise<string> {
		simulator().fault({ path: TEMPLATE, answer: { errcode: 0, errmsg: 'ok', msgid: 1 } });
		const { error, run: ran } = await run(parameters);
		expect(error).toBeUndefined();
		expect(ran.data.waitTill).toBeDefined();
		const { body } = simulator().calls.findLast(({ path }) => path === TEMPLATE) ?? {};
		expect(body).toMatchObject({
			touser: openids()[0],
			template_id: 'T1',
			data: { thing1: { value: 'Ship it?' } },
		});
		return String((body as { url: string }).url);
	}

	/** Opens the link in WeChat. */
	async function visit(link: string, openid = openids()[0]) {
		const response = await fetch(simulator().platform.openWebAuthorization(link, openid));
		return { status: response.status, text: await response.text(), headers: response.headers };
	}

	/** Presses the button of a page. */
	async function send(page: string, values: Record<string, string>) {
		const hidden = page.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)">/g);
		const body = new URLSearchParams([
			...[...hidden].map(([, name, value]): [string, string] => [name, value]),
			...Object.entries(values),
		]);
		const response = await fetch(`${trigger.url}/signed-in`, { method: 'POST', body });
		return { status: response.status, text: await response.text() };
	}

	test('shows a question to its person, and resumes the run with the answer', async () => {
		const page = await visit(await ask(approve));
		expect(page.status).toBe(200);
		expect(page.text).toContain('Ship it?');
		expect(page.text).toMatch(/<form method="post" action="signed-in">[^]*<button>[^]*<\/form>/);
		expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
		const { status, text } = await send(page.text, { 0: '同意' });
		expect([status, text]).toEqual([200, expect.stringContaining('已收到')]);
		expect(resumed).toMatchObject([
			{ outcome: 'answered', responses: [{ name: 'approved', value: true }] },
		]);
		expect(trigger.items.filter(({ kind }) => kind === 'visit.signedin')).toEqual([]);
		expect((await send(page.text, { 0: '同意' })).status).toBe(410);
		expect(resumed).toHaveLength(1);
	});

	test('takes a form in one piece, and says what to answer again', async () => {
		const page = await visit(await ask(form));
		expect(page.text).toContain('How many &lt;b&gt;?');
		const again = await send(page.text, { 0: 'some', 1: '"Tue"', 2: 'None' });
		expect(again.text).toContain('请重新填写');
		expect(resumed).toEqual([]);
		await send(again.text, { 0: '4', 1: '"Tue"', 2: 'None' });
		expect(resumed[0].responses).toMatchObject([
			{ name: 'people', value: 4 },
			{ name: 'day', value: '"Tue"' },
			{ name: 'wishes', value: 'None' },
		]);
	});

	test('shows nothing to anybody else who has the link', async () => {
		const { status, text } = await visit(await ask(approve), openids()[1]);
		expect([status, text]).toEqual([410, expect.not.stringContaining('Ship it?')]);
	});

	test('takes no form that was not shown here', async () => {
		const page = await visit(await ask(approve));
		const forged = page.text.replace(/name="token" value="..../, 'name="token" value="AAAA');
		expect((await send(forged, { 0: '同意' })).status).toBe(403);
		expect((await send('', { 0: '同意' })).status).toBe(403);
		expect(resumed).toEqual([]);
	});

	test('is over when the run has ended', async () => {
		const page = await visit(await ask(approve));
		isAccepted = false;
		expect((await send(page.text, { 0: '同意' })).status).toBe(410);
	});

	test.each([
		['a picture', { responseType: 'picture' }, {}],
		['no template', approve, { templateId: '' }],
		['no address', approve, { pageUrl: 'here' }],
	])('is not sent for %s', async (_case, parameters, options) => {
		const before = simulator().count(TEMPLATE);
		const { error } = await run(parameters, options);
		expect(error?.message).toContain('page');
		expect(simulator().count(TEMPLATE)).toBe(before);
	});
});

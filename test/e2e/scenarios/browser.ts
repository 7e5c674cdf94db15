import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { INodeParameters } from 'n8n-workflow';
import type { Locator, Page } from 'playwright-core';
import { startBrowser, type Browser } from '../services/browser';
import { ACCOUNT_TYPE, PLATFORM_TYPE, toAccountCredential } from '../n8n/credentials';
import { activateWorkflowWith } from '../workflows/activeWorkflow';
import {
	choose,
	closeNode,
	closeNodeCreator,
	executeStep,
	fill,
	listLabels,
	findNodeOnCanvas,
	openCredentialDialog,
	openEditor,
	openMenu,
	openNode,
	openWorkflow,
	searchNodes,
	type Editor,
} from '../actors/editorPage';
import { jpeg } from '../../simulator/accounts/jpeg';
import { eventually } from '../services/eventually';
import {
	connectPlatform,
	FIRST,
	MINI,
	createPlatformCredential,
	activatePlatformTrigger,
	SECOND,
	startSimulatorWithPlatform,
} from '../actors/platform';
import { fetchNodeTypes, listResources, listShownFields, type NodeType } from '../n8n/nodeForm';
import type { Scenario, ScenarioEnvironment } from '../scenario';
import type { UnnamedNode, WorkflowNode } from '../workflows/workflow';
import { echoBot } from '../workflows/exampleWorkflows';

const PACK = 'n8n-nodes-wechat-platform';
const WECHAT = `${PACK}.wechat`;

const SOCIALINZEN = 'Socialinzen';

/** All nodes of the pack, and words of their own by which people look for them. */
const NODES: Array<{ name: string; type: string; words: string[] }> = [
	// n8n shows it within the entry of WeChat. It stands beside Start: a click beside a trigger may be one on its button.
	{ name: 'WeChat', type: 'wechatTrigger', words: ['message push', '消息推送', '关注'] },
	{ name: 'WeChat', type: 'wechat', words: ['official account', '公众号', '小程序', '素材'] },
	{ name: 'WeChat Reply', type: 'wechatReply', words: ['passive reply', '被动回复', '自动回复'] },
	{
		name: 'WeChat Open Platform',
		type: 'wechatOpenPlatform',
		words: ['third-party platform', '第三方平台'],
	},
	{ name: 'WeChat Pay', type: 'wechatPay', words: ['red packet', '红包'] },
	{ name: 'WeChat Shop', type: 'wechatShop', words: ['微信小店', '售后'] },
	{ name: 'WeChat SOTER', type: 'wechatSoter', words: ['fingerprint', '指纹'] },
	{ name: SOCIALINZEN, type: 'socialinzen', words: ['socialinzen', '回复规则'] },
];

type Credential = { id: string; name: string };

interface BrowserEnvironment {
	environment: ScenarioEnvironment;
	editor: Editor;
	types: NodeType[];
	/** Those with a menu of resources. */
	withResources: NodeType[];
	/** Those that stand in the workflow as they are when somebody adds them. */
	opened: Set<NodeType>;
	/** By their types: of the simulator's account, and of its platform. */
	credentials: Record<string, Credential>;
	failures: Failure[];
}

const scenario: Scenario = {
	name: 'browser',
	run: async (outer) => {
		const browser = await startBrowser(outer.say);
		const simulator = await startSimulatorWithPlatform({ followers: 3 });
		const environment = outer.copyWith({ simulator });
		try {
			const browserEnvironment = await openAll(browser, environment);
			await findsNodes(browserEnvironment);
			await opensNodes(browserEnvironment);
			await hasDarkIcons(browserEnvironment);
			await findsEvents(browserEnvironment);
			await showsFields(browserEnvironment);
			await choosesAccount(browserEnvironment);
			await buildsMenu(browserEnvironment);
			await callsApi(browserEnvironment);
			await draftsArticle(browserEnvironment);
			await explainsErrors(browserEnvironment);
			await testsCredentials(browserEnvironment);
			await showsWorkflow(browserEnvironment);
			const { editor } = browserEnvironment;
			await environment.check('the editor had no error of a script', editor.close);
		} finally {
			await browser.close();
			await simulator.close();
		}
	},
};

export default scenario;

async function openAccount(
	{ session, simulator }: ScenarioEnvironment,
	changes = {},
): Promise<Record<string, Credential>> {
	const data = { ...toAccountCredential(simulator), ...changes };
	return {
		[ACCOUNT_TYPE]: await session.createCredential('WeChat account', ACCOUNT_TYPE, data),
	};
}

/**
 * Opens all nodes of the pack, and those that something is done with, in one workflow: to load the editor takes longer
 * than most of what is done in it.
 */
async function openAll(
	browser: Browser,
	environment: ScenarioEnvironment,
): Promise<BrowserEnvironment> {
	const account = await openAccount(environment);
	const platform = await createPlatformCredential(environment);
	const types = (await fetchNodeTypes(environment)).filter(
		({ name }) => name.startsWith(`${PACK}.`) && !name.endsWith('Tool'),
	);
	const withResources = types.filter((type) => listResources(type).length > 1);
	const opened = new Set([...NODES.map(({ type }) => findType(types, type)), ...withResources]);
	const failures = await listFailures(environment);
	const wechat = (name: string, parameters: INodeParameters, credentials = account) => ({
		name,
		type: WECHAT,
		parameters,
		credentials,
	});
	const users = { resource: 'user', operation: 'getAll' };
	const id = await createWorkflow(environment, [
		...[...opened].map(({ displayName, name, credentials = [] }) => ({
			name: displayName,
			type: name,
			parameters: {},
			// n8n 2.41 chooses a credential for a node that has none, be it the one of the platform.
			credentials: credentials.some((one) => one.name === ACCOUNT_TYPE) ? account : undefined,
		})),
		wechat('Acting', { ...users, authentication: 'openPlatform' }, platform),
		wechat('Menu', { resource: 'menu', operation: 'create' }),
		wechat('Any call', { resource: 'api', operation: 'call' }),
		wechat('Article', { resource: 'article', operation: 'createDraft' }),
		...failures.map(({ what, parameters, credentials }) => wechat(what, parameters, credentials)),
		wechat('Users', users, await openAccount(environment)),
	]);
	const editor = await openEditor(browser, environment.n8n.url, id);
	const credentials = { ...account, ...platform };
	return { environment, editor, types, withResources, opened, credentials, failures };
}

function findType(types: NodeType[], type: string): NodeType {
	const found = types.find(({ name }) => name === `${PACK}.${type}`);
	assert.ok(found, `${type} is missing`);
	return found;
}

/** A workflow that begins with a click, and has these nodes behind it. */
async function createWorkflow(
	{ session }: ScenarioEnvironment,
	nodes: Array<UnnamedNode & { name: string }>,
): Promise<string> {
	const start = { name: 'Start', type: 'n8n-nodes-base.manualTrigger', parameters: {} };
	const placed = [start, ...nodes].map((node, index): WorkflowNode => ({
		id: randomUUID(),
		typeVersion: 1,
		position: [(index % 5) * 240, Math.floor(index / 5) * 200],
		...(node.type.endsWith('Trigger') && { webhookId: randomUUID() }),
		...node,
	}));
	const main = [nodes.map(({ name }) => ({ node: name, type: 'main', index: 0 }))];
	const workflow = { name: 'In the editor', nodes: placed, connections: { Start: { main } } };
	return (await session.createWorkflow(workflow)).id;
}

async function findsNodes({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { check } = environment;
	const { page } = editor;
	const names = [...new Set(NODES.map(({ name }) => name))];

	for (const words of ['wechat', 'weixin', '微信'])
		await check(`"${words}" finds all nodes but Socialinzen, which is not of WeChat`, async () => {
			const wanted = names.filter((name) => name !== SOCIALINZEN);
			const found = await offersAll(page, words, wanted);
			assert.ok(!found.includes(SOCIALINZEN), found.join(', '));
		});

	for (const { name, type, words } of NODES)
		await check(`${type} is found by ${words.join(', ')}`, async () => {
			for (const word of words) await offersAll(page, word, [name]);
		});

	await check(
		'the entry of WeChat offers what starts a workflow, and what WeChat can do',
		async () => {
			const creator = page.getByTestId('node-creator');
			const offered = await searchNodes(page, 'wechat');
			await offered.getByText('WeChat', { exact: true }).click();
			await creator.getByText('Create menu (创建自定义菜单)', { exact: true }).waitFor();
			await creator.getByText(/^Triggers \(\d+\)$/).click();
			await creator.getByText('On text message 文本消息 message text', { exact: true }).waitFor();
		},
	);
	await closeNodeCreator(page);
}

/** Returns all names that are offered. */
async function offersAll(page: Page, words: string, names: string[]): Promise<string[]> {
	const offered = await searchNodes(page, words);
	return await eventually(async () => {
		const found = (await offered.allTextContents()).map((name) => name.trim());
		const missing = names.filter((name) => !found.includes(name));
		assert.deepEqual(missing, [], `${words}: ${found.join(', ')}`);
		return found;
	});
}

/** What Trigger On has is found by WeChat's own name, in English and in Chinese. */
async function findsEvents({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { check } = environment;
	const { page } = editor;
	const menu = await openMenu(await openNode(page, 'WeChat Trigger'), 'kinds');
	const paid = 'Shop: Order Paid (订单支付成功) event.channels_ec_order_pay';
	for (const [words, least, most] of [
		['channels_ec_order_pay', 1, 1],
		['订单支付', 2, 5],
		['order paid', 2, 5],
		['shop: ', 40, 60],
	] as const)
		await check(`Trigger On finds "${words}"`, async () => {
			await page.keyboard.press('ControlOrMeta+A');
			await page.keyboard.type(words);
			await eventually(async () => {
				const found = await menu.locator('.option-headline:visible').allInnerTexts();
				assert.ok(found.length >= least && found.length <= most, found.join('\n'));
				assert.ok(found.includes(paid), found.join('\n'));
			});
		});
	await page.keyboard.press('Escape');
	await closeNode(page);
}

/** Texts that are no texts for people. */
const NO_TEXT = /undefined|\[object|NaN|<\/?\w|&\w+;|\{\{ \$parameter/;

async function opensNodes({
	environment,
	editor,
	types,
	opened,
}: BrowserEnvironment): Promise<void> {
	const { page } = editor;
	for (const { type } of NODES) {
		const description = findType(types, type);
		const { displayName: name } = description;
		await environment.check(
			`${name} opens with its title, its fields and its notices`,
			async () => {
				const panel = await openNode(page, name);
				const title = page.getByTestId('ndv').getByTestId('inline-edit-preview');
				assert.equal(await title.innerText(), name);
				await showsAll(panel, listShownFields(description, {}));
				await closeNode(page);
			},
		);
	}

	await environment.check('all icons are loaded, each of its own node', async () => {
		const icons = await iconsOnCanvas(page);
		assert.equal(new Set(icons).size, opened.size);
		for (const { type } of NODES)
			assert.ok(
				icons.some((icon) => icon.endsWith(`/${type}.svg`)),
				`${type}: ${icons.join(', ')}`,
			);
	});
}

async function showsAll(
	panel: Locator,
	{ labels, notices }: ReturnType<typeof listShownFields>,
): Promise<void> {
	await eventually(async () => {
		const found = await listLabels(panel);
		const text = ((await panel.textContent()) ?? '').replace(/\s+/g, ' ');
		const missing = [
			...labels.filter((label) => !found.includes(label)),
			...notices.filter((notice) => !text.includes(notice)),
		];
		assert.deepEqual(missing, [], `missing in the form: ${text}`);
	});
	assert.doesNotMatch(await panel.innerText(), NO_TEXT);
}

/** The addresses of the icons of our nodes, once they are pictures. */
const iconsOnCanvas = async (page: Page) => {
	const icons = page.locator(`[data-test-id="canvas-node"] img[src*="${PACK}"]`);
	await icons.first().waitFor();
	const seen = await icons.evaluateAll(async (images) => {
		const all = images as unknown as Array<{ src: string; decode(): Promise<void> }>;
		await Promise.all(all.map(async (image) => await image.decode()));
		return all.map(({ src }) => src);
	});
	return seen;
};

/** Of each resource the operation that n8n chooses by itself: the fields of all are looked at in test/editor.test.ts. */
async function showsFields({
	environment,
	editor,
	withResources,
}: BrowserEnvironment): Promise<void> {
	const { page } = editor;
	for (const type of withResources) {
		const resources = listResources(type);
		const what = `${type.displayName}: the fields of each of ${resources.length} resources`;
		await environment.check(what, async () => {
			const panel = await openNode(page, type.displayName);
			for (const { name, value } of resources) {
				await choose(panel, 'resource', name);
				await showsAll(panel, listShownFields(type, { resource: value }));
			}
			await closeNode(page);
		});
	}

	await environment.check('each entry of the menu of operations says what it does', async () => {
		const panel = await openNode(page, 'WeChat');
		await choose(panel, 'resource', 'Menu (自定义菜单)');
		const menu = await openMenu(panel, 'operation');
		const entries = await menu.getByRole('option').allInnerTexts();
		assert.ok(entries.length > 5 && entries.every((entry) => entry.trim().split('\n').length > 1));
		await page.keyboard.press('Escape');
	});
}

async function choosesAccount({
	environment,
	editor,
	credentials,
}: BrowserEnvironment): Promise<void> {
	const { check, session, simulator } = environment;
	const { platform } = simulator;
	const trigger = await activatePlatformTrigger(environment, {
		[PLATFORM_TYPE]: credentials[PLATFORM_TYPE],
	});
	connectPlatform(simulator, trigger);
	await platform.pushTicket();
	for (const appId of [FIRST, SECOND, MINI]) await platform.authorize(appId);
	await session.executions(trigger.id, 3);

	const { page } = editor;
	const panel = await openNode(page, 'Acting');
	const list = page.locator('[data-test-id="rlc-item"]:visible');

	await check('the accounts of a platform are listed by name', async () => {
		await panel.getByTestId('resource-locator-account').getByTestId('rlc-input').click();
		for (const name of ['示例帐号', '第二个公众号', '示例小程序 (mini program 小程序)'])
			await list.getByText(name, { exact: true }).waitFor();
	});

	await check('the list of accounts is searched by a part of the name', async () => {
		await page.locator('[data-test-id="rlc-search"]:visible').fill('第二');
		await eventually(async () => {
			assert.deepEqual(await list.allInnerTexts(), ['第二个公众号']);
		});
		await list.click();
	});

	await check('the node acts for the account that was chosen', async () => {
		const before = simulator.calls.length;
		await executeStep(page);
		const [follower = 'nobody'] = simulator.openids(SECOND);
		const output = page.getByTestId('output-panel');
		await output.getByText('3 items').waitFor();
		await output.getByText(follower).first().waitFor();
		assert.ok(simulator.calls.slice(before).some(({ path }) => path === '/cgi-bin/user/get'));
	});
	await session.deactivate(trigger.id);
}

const MENU = [
	{
		name: '菜单 Menu',
		sub_button: [
			{ type: 'click', name: '营业时间 Hours', key: 'HOURS' },
			{ type: 'view', name: '网站', url: 'https://docs.n8n.io/?a=1&b=2' },
		],
	},
	{ type: 'click', name: 'About', key: 'ABOUT' },
];

async function buildsMenu({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { check, simulator } = environment;
	const { page } = editor;
	const panel = await openNode(page, 'Menu');

	await check('a menu is built in the form', async () => {
		const rows = panel.getByTestId('fixed-collection-rows').locator('[data-draggable="true"]');
		const addRow = async (fields: Record<string, string>) => {
			await panel.getByText('Add Button', { exact: true }).click();
			const row = rows.last();
			await row.getByTestId('parameter-input-type').waitFor();
			const { type, place, ...texts } = fields;
			if (type) await choose(row, 'type', type);
			if (place) await choose(row, 'place', place);
			for (const [field, text] of Object.entries(texts)) await fill(row, field, text);
		};
		const place = 'Below the Button Above (二级菜单)';
		await addRow({ type: 'Show Sub-Buttons (二级菜单)', name: '菜单 Menu' });
		await addRow({ place, name: '营业时间 Hours', key: 'HOURS' });
		const url = 'https://docs.n8n.io/?a=1&b=2';
		await addRow({ type: 'Open Page (跳转网页)', place, name: '网站', url });
		await addRow({ name: 'About', key: 'ABOUT' });
		assert.equal(await rows.count(), 4);
	});
	await editor.show('menu');

	await check('a menu that was built in the form arrives at WeChat', async () => {
		await executeStep(page);
		await page.getByTestId('output-panel').getByText('success').first().waitFor();
		const { body, errcode } = simulator.calls.findLast(
			({ path }) => path === '/cgi-bin/menu/create',
		) ?? { body: undefined, errcode: -1 };
		assert.deepEqual({ body, errcode }, { body: { button: MENU }, errcode: 0 });
	});
}

async function callsApi({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { check, simulator } = environment;
	const { page } = editor;
	const panel = await openNode(page, 'Any call');
	const list = page.locator('[data-test-id="rlc-item"]:visible');

	await check('a call is found in Chinese, and has a form', async () => {
		await panel.getByTestId('resource-locator-call').getByTestId('rlc-input').click();
		// n8n forgets what is typed before the list has come.
		await list.first().waitFor();
		await page.locator('[data-test-id="rlc-search"]:visible').fill('客服 输入状态');
		await list.filter({ hasText: '/cgi-bin/message/custom/typing' }).click();
		await eventually(async () => {
			const labels = await listLabels(panel);
			assert.ok(labels.includes('touser') && labels.includes('command'), labels.join(', '));
		});
	});
	await editor.show('call');

	await check('the call that was chosen is made with the form', async () => {
		const mapper = panel.getByTestId('resource-mapper-container');
		const texts = mapper.locator('input[type="text"]:visible');
		const [user] = simulator.openids();
		await texts.nth((await texts.count()) - 2).fill(user);
		await texts.last().fill('Typing');
		await texts.last().blur();
		await executeStep(page);
		const { body } = simulator.calls.findLast(
			({ path }) => path === '/cgi-bin/message/custom/typing',
		) ?? { body: undefined };
		assert.deepEqual(body, { touser: user, command: 'Typing' });
	});
	await closeNode(page);
}

async function draftsArticle({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { check, simulator } = environment;
	const { page } = editor;
	const panel = await openNode(page, 'Article');

	await check('Markdown that was pasted into the form becomes a draft', async () => {
		await fill(panel, 'content', '# 新店开业\n\n**地址：**花园街');
		await fill(panel, 'cover', simulator.addMaterial(jpeg, 'cover.jpg'));
		await executeStep(page);
		await page.getByTestId('output-panel').getByText('新店开业').first().waitFor();
		const { body } = simulator.calls.findLast(({ path }) => path === '/cgi-bin/draft/add') ?? {};
		const [{ title, content }] = (body as { articles: Array<Record<string, string>> }).articles;
		assert.equal(title, '新店开业');
		assert.match(content, /<strong>地址：<\/strong>花园街/);
	});
	await editor.show('article');
}

interface Failure {
	what: string;
	parameters: INodeParameters;
	credentials?: Record<string, Credential>;
	title: RegExp;
	advice: RegExp;
}

async function listFailures(environment: ScenarioEnvironment): Promise<Failure[]> {
	const { simulator } = environment;
	const gone = simulator.openids().at(-1) ?? '';
	// WeChat knows that somebody has left, whether or not a server hears of it.
	const left = { FromUserName: gone, MsgType: 'event', Event: 'unsubscribe' };
	await simulator.push('http://127.0.0.1:1', left);
	const send = { resource: 'customerServiceMessage', operation: 'send', content: 'Hi' };
	return [
		{
			what: 'a user who does not follow',
			parameters: { ...send, touser: gone },
			title: /^WeChat refused the call: require subscribe.* \(errcode 43004\)$/,
			advice: /^The receiver does not follow the account\..+ask the user to follow first/,
		},
		{
			what: 'an OpenID of nobody',
			parameters: { ...send, touser: 'oNobody' },
			title: /^WeChat refused the call: invalid openid.* \(errcode 40003\)$/,
			advice:
				/^This OpenID does not belong to the account of the credential\..+take it from a push/,
		},
		{
			what: 'a wrong AppSecret',
			parameters: { resource: 'user', operation: 'getAll' },
			credentials: await openAccount(environment, { appSecret: 'f'.repeat(32) }),
			title: /AppSecret|appsecret|invalid credential/,
			advice: /AppSecret.+mp\.weixin\.qq\.com > .+\(基本配置\)/,
		},
		{
			what: 'a name that is too long',
			parameters: { resource: 'tag', operation: 'create', name: '长'.repeat(31) },
			title: /^"Name" has 31 characters; WeChat takes 30$/,
			advice: /30/,
		},
	];
}

async function explainsErrors({
	environment,
	editor,
	failures,
}: BrowserEnvironment): Promise<void> {
	const { page } = editor;
	for (const { what, title, advice } of failures)
		await environment.check(`the error of ${what} says what happened, and what to do`, async () => {
			await openNode(page, what);
			const said = await executeStep(page);
			const text = async (part: string) =>
				(await page.getByTestId(`node-error-${part}`).innerText()).trim();
			assert.match(await text('message'), title);
			assert.match(await text('description'), advice);
			assert.doesNotMatch(said, NO_TEXT);
			assert.doesNotMatch(said, /https?:\/\/127|access_token|f{32}/);
		});
}

async function testsCredentials({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { check } = environment;
	const { page } = editor;
	await openNode(page, 'Users');
	const dialog = await openCredentialDialog(page);

	await check(
		'the credential shows where its values are, and what its fields are for',
		async () => {
			const text = await dialog.innerText();
			for (const part of [
				'Basic Configuration (基本配置)',
				'IP白名单',
				'AppID',
				'AppSecret',
				'EncodingAESKey',
				'Needed by WeChat Trigger',
			])
				assert.ok(text.includes(part), part);
			assert.doesNotMatch(text, NO_TEXT);
			assert.ok(!text.includes('State Saved At'));
		},
	);

	await check('a credential that works turns green', async () => {
		await dialog.getByText('Connection tested successfully').waitFor();
	});

	await check(
		'a credential with a wrong AppSecret turns red, and says where the right one is',
		async () => {
			await fill(dialog, 'appSecret', 'f'.repeat(32));
			await dialog.getByTestId('credential-save-button').click();
			await dialog.getByText('More details').click();
			const reason = dialog.getByText(
				/The AppSecret is wrong, or it was reset since\. Reset it in/,
			);
			await reason.waitFor();
		},
	);
}

/** The pictures of the README, and what is seen on them. */
async function showsWorkflow(browserEnvironment: BrowserEnvironment): Promise<void> {
	const { environment, editor, credentials } = browserEnvironment;
	const { check } = environment;
	const { page, show } = editor;
	const made = await activateWorkflowWith(environment, echoBot, credentials[ACCOUNT_TYPE]);
	await openWorkflow(editor, made.id);

	await check('the example workflow stands on the canvas with its note', async () => {
		await page.getByTestId('sticky').getByText('Echo bot').waitFor();
		for (const { name, type } of echoBot.nodes.filter((node) => node.type.startsWith(PACK)))
			assert.equal(await findNodeOnCanvas(page, name).getAttribute('data-node-type'), type);
	});
	await show('workflow');

	await check(
		'the trigger tells of test and production URL, and of one address per account',
		async () => {
			await openNode(page, 'WeChat Trigger');
			const panel = page.getByTestId('ndv');
			await panel.getByText('Webhook URLs').click();
			await panel.getByTestId('radio-button-production').click();
			await panel.getByText(made.url).waitFor();
			await panel
				.getByText(/WeChat knows one address per account: enter the production URL/)
				.waitFor();
			// Of four addresses n8n shows the one that is entered at WeChat.
			assert.equal(await panel.getByText('/webhook/').count(), 1);
		},
	);
	await show('trigger');
	await closeNode(page);

	const panel = await openNode(page, 'Who is it?');
	await choose(panel, 'resource', 'Menu (自定义菜单)');
	await openMenu(panel, 'operation');
	await show('operations');
	await page.keyboard.press('Escape');
	await environment.session.deactivate(made.id);
}

async function hasDarkIcons({ environment, editor }: BrowserEnvironment): Promise<void> {
	const { page } = editor;
	await environment.check('on a dark screen the icons are the dark ones', async () => {
		await page.emulateMedia({ colorScheme: 'dark' });
		await eventually(async () => {
			const icons = await iconsOnCanvas(page);
			for (const { type } of NODES)
				assert.ok(
					icons.some((icon) => icon.endsWith(`/${type}.dark.svg`)),
					`${type}: ${icons.join(', ')}`,
				);
		});
		await page.emulateMedia({ colorScheme: 'light' });
	});
}

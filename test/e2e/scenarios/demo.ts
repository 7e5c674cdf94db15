import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { startDemoPage, type DemoPage } from '../../demo/server';
import { startBotServer, type BotServer } from '../../simulator/bot';
import { startPayV3Server } from '../../simulator/payV3';
import { startBrowser, type Browser } from '../services/browser';
import { findFaintTexts } from '../services/textContrast';
import { changeParameters, activateWorkflow } from '../workflows/activeWorkflow';
import { showroom } from '../workflows/exampleWorkflows';
import { callAsOwner } from '../actors/accountOwner';
import { startSimulatorWithPlatform } from '../actors/platform';
import {
	activateDemoBot,
	activateDemoWorkflows,
	type DemoWorkflows,
} from '../workflows/demoWorkflows';
import type { Scenario, ScenarioEnvironment } from '../scenario';

const FAULT_NOTICE = '该公众号提供的服务出现故障，请稍后再试';
const SAMPLE = join(__dirname, '..', '..', 'demo', 'page', 'sample.png');

/** What each check works with. */
interface BrowserEnvironment {
	environment: ScenarioEnvironment;
	browser: Browser;
	demo: DemoPage;
	bots: BotServer;
	workflows: DemoWorkflows;
}

const scenario: Scenario = {
	name: 'demo',
	run: async (outer) => {
		const browser = await startBrowser(outer.say);
		const simulator = await startSimulatorWithPlatform({ followers: 3 });
		const environment = outer.copyWith({ simulator });
		const bots = await startBotServer({ longPollMs: 5000 });
		const pay = await startPayV3Server({ appIds: [simulator.account.appId] });
		const demo = await startDemoPage(simulator, { bots, pay });
		try {
			const pictureUrl = `${demo.url}/sample.png`;
			const workflows = await activateDemoWorkflows(environment, { pictureUrl, pay });
			demo.connectPayments(workflows.paymentsUrl);
			demo.connectArticles(workflows.articlesUrl);
			await demo.connect('own', workflows.own.url);
			await demo.connect('platform', workflows.platform.url);
			const browserEnvironment = { environment, browser, demo, workflows, bots };
			await converses(browserEnvironment);
			await asksPaysPublishes(browserEnvironment);
			await worksByKeyboard(browserEnvironment);
			await answersForPlatform(browserEnvironment);
			await talksToBot(browserEnvironment);
			await showsFaults(browserEnvironment);
			await looksAsWished(browserEnvironment);
		} finally {
			await demo.close();
			await pay.close();
			await bots.close();
			await browser.close();
			await simulator.close();
		}
	},
};

export default scenario;

const messages = (page: Page) => page.getByRole('log', { name: 'Conversation' });
const press = async (page: Page, name: string) =>
	await page.getByRole('button', { name, exact: true }).click();

/** The newest entry of the conversation with this text. */
async function sees(page: Page, text: string): Promise<void> {
	await messages(page).getByText(text).last().waitFor();
}

async function write(page: Page, text: string): Promise<void> {
	await page.getByRole('textbox', { name: 'Message' }).fill(text);
	await page.keyboard.press('Enter');
}

/** What stands beside the chat about the newest push. */
const block = (page: Page, name: string) =>
	page.locator('#pushes li').first().getByRole('region', { name });

async function follow(page: Page): Promise<void> {
	await press(page, 'Follow');
	await page.getByText('You follow this account').waitFor();
}

async function converses({
	environment: { check, simulator },
	browser,
	demo,
}: BrowserEnvironment): Promise<void> {
	const { page, show, close } = await browser.open({ viewport: { width: 1400, height: 900 } });
	await page.goto(demo.url);

	await check('a new follower is shown the news card, with its picture and link', async () => {
		await follow(page);
		const card = messages(page).getByRole('link', { name: /Welcome!/ });
		await card.waitFor();
		assert.equal(await card.getAttribute('href'), 'https://docs.n8n.io/');
		const picture = card.locator('img');
		await decode(picture);
	});

	await check('a text gets the reply of the workflow, links and nothing else as HTML', async () => {
		await write(page, 'Hi <b>there</b>');
		await sees(page, 'You said: Hi <b>there</b>');
		const link = messages(page).getByRole('link', { name: 'What n8n can do' });
		assert.equal(await link.getAttribute('href'), 'https://docs.n8n.io/');
		assert.equal(await messages(page).locator('b').count(), 0);
		assert.equal(await page.getByRole('textbox', { name: 'Message' }).inputValue(), '');
	});

	await check('beside the chat: the push and the answer, as sent and decrypted', async () => {
		const text = async (name: string) => (await block(page, name).textContent()) ?? '';
		assert.match(await text('Push, decrypted'), /<Content><!\[CDATA\[Hi <b>there<\/b>\]\]>/);
		assert.match(await text('Push as sent'), /^POST http.+msg_signature=[^]+<Encrypt>/);
		assert.match(await text('Answer, decrypted'), /<Content><!\[CDATA\[您说 You said: Hi/);
		assert.match(await text('Answer as sent'), /^HTTP 200\s+<xml><Encrypt>/);
		const summary = page.locator('#pushes summary').first();
		assert.match((await summary.textContent()) ?? '', /^text reply \d+ ms/);
	});

	await check('what stands beside the chat can be copied', async () => {
		await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		await page.getByRole('button', { name: 'Copy: Push, decrypted' }).first().click();
		await page.getByRole('button', { name: 'Copied' }).waitFor();
		// Runs in the page, of which this project has no types.
		const copied = await page.evaluate<string>('navigator.clipboard.readText()');
		assert.match(copied, /^<xml>\n {2}<ToUserName>/);
	});

	await check('a picture comes back', async () => {
		await press(page, 'Picture');
		await page.getByLabel(/PNG, JPEG or GIF/).setInputFiles(SAMPLE);
		await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
		const back = messages(page).getByRole('img', { name: 'A picture from the account' });
		await decode(back);
		const sent = messages(page).getByRole('img', { name: 'A picture that you sent' });
		assert.equal(await back.getAttribute('src'), await sent.getAttribute('src'));
	});

	await check('a location is understood', async () => {
		await press(page, 'Location');
		await page.getByLabel('Place').fill('人民广场');
		await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
		await sees(page, 'You are at 人民广场 (22.540503, 113.934528)');
	});

	await check('a menu item below another one is pressed', async () => {
		await press(page, '菜单 Menu');
		await press(page, '营业时间 Hours');
		await sees(page, 'You pressed HOURS');
		await press(page, '菜单 Menu');
		await press(page, '网站 Website');
		const link = messages(page).getByRole('link', { name: 'https://docs.n8n.io/', exact: true });
		await link.waitFor();
	});

	await check('a QR code is scanned', async () => {
		await press(page, 'Scan QR code');
		await page.getByLabel(/Scene in the code/).fill('table_5');
		const dialog = page.getByRole('dialog');
		await dialog.getByRole('button', { name: 'Scan QR code' }).click();
		await sees(page, 'You scanned table_5');
	});
	await show('conversation');
	await show('phone', page.locator('.phone'));

	await check('an answer that takes eight seconds: the second delivery gets it', async () => {
		await press(page, '慢 Slow');
		await messages(page).getByText('That took eight seconds').waitFor({ timeout: 20_000 });
		const deliveries = page.locator('#pushes li').first().locator('.delivery h3');
		const found = await deliveries.allTextContents();
		assert.match(
			found.join('; '),
			/^Delivery 1 no answer in time \d+ ms; Delivery 2 reply \d+ ms$/,
		);
	});

	await check('typing and late messages appear', async () => {
		const touser = simulator.openids().at(-1);
		const call = async (path: string, body: object) =>
			await callAsOwner(simulator, simulator.account, `/cgi-bin/message/custom/${path}`, body);
		await call('typing', { touser, command: 'Typing' });
		await page.getByText('The account is typing').waitFor();
		await call('send', { touser, msgtype: 'text', text: { content: 'A late message' } });
		await sees(page, 'A late message');
		await page.getByText('The account is typing').waitFor({ state: 'hidden' });
	});

	await check('who comes back sees the same conversation', async () => {
		await page.reload();
		await sees(page, 'A late message');
		assert.equal(await messages(page).getByText('You said: Hi').count(), 1);
	});

	await check('who has left is asked to follow first', async () => {
		await press(page, 'Unfollow');
		await sees(page, 'You do not follow the account any more');
		await write(page, 'still there?');
		assert.equal(await page.getByRole('alert').textContent(), 'Follow the account first.');
		assert.equal(await page.getByRole('navigation').isVisible(), false);
	});
	await check('the page has no error, and asked for nothing that its policy forbids', close);
}

/** A question that waits for its answer, a payment, and an article. */
async function asksPaysPublishes({
	environment: { check },
	browser,
	demo,
}: BrowserEnvironment): Promise<void> {
	const { page, show, close } = await browser.open({ viewport: { width: 1400, height: 1000 } });
	await page.goto(demo.url);
	await follow(page);

	await check('a question is asked in the chat, and the run goes on with its answer', async () => {
		await press(page, '菜单 Menu');
		await press(page, '查订单 Order');
		await sees(page, 'What is the number of your order?');
		await write(page, 'A-42');
		await sees(page, 'Looking it up.');
		await sees(page, '订单 Order A-42');
	});

	await check('a payment: the notification beside the chat, and thanks in it', async () => {
		await press(page, 'Pay ¥9.90');
		await press(page, 'Pay');
		await sees(page, 'You paid ¥9.90.');
		await sees(page, 'Thank you for your order!');
		await messages(page).getByText('的 9.90 元').waitFor();
		const summary = page.locator('#pushes summary').first();
		await summary.locator('.badge', { hasText: 'success' }).waitFor();
		assert.match((await summary.textContent()) ?? '', /^TRANSACTION\.SUCCESS success \d+ ms/);
		const plain = await block(page, 'Push, decrypted').textContent();
		assert.match(plain ?? '', /"trade_state": "SUCCESS"[^]+"total": 990/);
		const sent = await block(page, 'Push as sent').textContent();
		assert.match(sent ?? '', /wechatpay-signature: .+[^]+"ciphertext":/);
		assert.doesNotMatch(sent ?? '', /trade_state/);
		assert.match((await block(page, 'Answer as sent').textContent()) ?? '', /^HTTP 200/);
	});
	await show('payment');

	await check('an article of n8n is published, and read in a frame without scripts', async () => {
		await press(page, 'Publish the article');
		const articles = page.getByRole('group', { name: 'Articles' });
		const card = articles.getByRole('button', { name: '我们搬家了 We have moved' });
		await card.waitFor({ timeout: 30_000 });
		await decode(card.locator('img'));
		await card.click();
		const frame = page.frameLocator('#reader iframe');
		await frame.getByRole('heading', { name: '我们搬家了 We have moved' }).waitFor();
		await frame.getByRole('cell', { name: '乌龙 Oolong' }).waitFor();
		await decode(frame.locator('img'));
		assert.equal(await page.locator('#reader iframe').getAttribute('sandbox'), '');
		await show('demo-article');
		await press(page, 'Close');
	});
	await press(page, 'Unfollow');
	await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
	await check('nothing went wrong on the page', close);
}

/** A picture that cannot be shown throws. */
const decode = async (picture: Locator) =>
	await picture.evaluate(async (image: { decode(): Promise<void> }) => await image.decode());

/** Nothing but Tab, arrows, Enter, Space and Escape. */
async function worksByKeyboard({
	environment: { check },
	browser,
	demo,
}: BrowserEnvironment): Promise<void> {
	const { page, close } = await browser.open();
	await page.goto(demo.url);
	const focused = async () =>
		await page.evaluate<string>(
			"(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()",
		);
	const tabTo = async (name: string) => {
		for (let steps = 0; steps < 40; steps++) {
			await page.keyboard.press('Tab');
			if ((await focused()) === name) return;
		}
		assert.fail(`Tab does not reach "${name}"`);
	};

	await check('by keyboard: the first Tab offers to skip to the message', async () => {
		await page.keyboard.press('Tab');
		assert.equal(await focused(), 'Skip to the message');
	});

	await check('by keyboard: follow, write, press a menu item', async () => {
		// What the page is about comes after it has loaded.
		await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
		await tabTo('Follow');
		await page.keyboard.press('Enter');
		await page.getByText('You follow this account').waitFor();
		await tabTo('Conversation');
		await page.keyboard.press('Tab');
		while ((await page.evaluate<string>('document.activeElement.id')) !== 'text')
			await page.keyboard.press('Tab');
		await page.keyboard.type('by keyboard');
		await page.keyboard.press('Enter');
		await sees(page, 'You said: by keyboard');
		await tabTo('菜单 Menu');
		await page.keyboard.press('Space');
		assert.equal(await focused(), '营业时间 Hours');
		await page.keyboard.press('Escape');
		assert.equal(await focused(), '菜单 Menu');
		assert.equal(await page.getByRole('button', { name: '营业时间 Hours' }).count(), 0);
		await page.keyboard.press('Enter');
		await page.keyboard.press('Enter');
		await sees(page, 'You pressed HOURS');
	});

	await check(
		'by keyboard: a dialog opens, ends with Escape, and gives the focus back',
		async () => {
			await page.getByRole('button', { name: 'Location' }).focus();
			await page.keyboard.press('Enter');
			await page.getByRole('dialog', { name: 'Location' }).waitFor();
			await page.keyboard.press('Escape');
			assert.equal(await page.getByRole('dialog').count(), 0);
			assert.equal(await focused(), 'Location');
		},
	);

	await check('by keyboard: the other account, with an arrow', async () => {
		await page.getByRole('radio', { name: 'Official account' }).focus();
		await page.keyboard.press('ArrowRight');
		await page.getByText('第二个公众号').waitFor();
	});

	await check('new messages are announced, each with who says it', async () => {
		await page.keyboard.press('ArrowLeft');
		const log = messages(page);
		assert.equal(await log.getAttribute('role'), 'log');
		for (const said of [/^You, \d.*pressed/, /^Account, \d.*You pressed HOURS/])
			await log.locator('article').filter({ hasText: said }).last().waitFor();
		await press(page, 'Unfollow');
	});
	await check('nothing went wrong on the page meanwhile', close);
}

async function answersForPlatform({
	environment: { check },
	browser,
	demo,
}: BrowserEnvironment): Promise<void> {
	const { page, show, close } = await browser.open({ viewport: { width: 1400, height: 900 } });
	await page.goto(demo.url);
	await page.getByText('Behind a third-party platform').click();

	await check('an account behind a platform answers in its own name', async () => {
		await follow(page);
		await write(page, 'hello');
		await sees(page, 'You said: hello');
		const plain = await block(page, 'Push, decrypted').textContent();
		assert.match(plain ?? '', /<ToUserName><!\[CDATA\[gh_6b2c3d4e5f60\]\]>/);
	});

	await check('the release test is passed, each step of it', async () => {
		await page.getByLabel('Test accounts').selectOption('4');
		await press(page, 'Run release test');
		await page.getByText('Passed: all 7 steps.').waitFor({ timeout: 60_000 });
		const steps = await page.locator('#steps li').allTextContents();
		assert.deepEqual(
			steps.filter((step) => !step.includes('passed')),
			[],
		);
	});
	await show('platform');
	await press(page, 'Unfollow');
	// The next page finds the follower as this one has left it.
	await page.getByRole('button', { name: 'Follow', exact: true }).waitFor();
	await check('nothing went wrong on the page', close);
}

/** The phone of a person who has a bot, and the page of n8n with the code. */
async function talksToBot({ environment, browser, demo, bots }: BrowserEnvironment): Promise<void> {
	const { check } = environment;
	const { page, show, close } = await browser.open({ viewport: { width: 1400, height: 900 } });
	await page.goto(demo.url);
	await page.getByText('Bot of my own WeChat').click();
	await page.getByText('Not logged in').waitFor();

	await check(
		'bot: the page of n8n shows a code, and the phone scans and confirms it',
		async () => {
			demo.showLoginLink(await (await activateDemoBot(environment, bots))());
			const link = page.getByRole('link', { name: 'Open the login page' });
			const [login] = await Promise.all([page.context().waitForEvent('page'), link.click()]);
			// Playwright looks at no page that is about to go on by itself; the last one stays.
			await press(page, 'Scan the code');
			await press(page, 'Confirm');
			await login.getByText('登录成功').waitFor();
			await login.close();
			await sees(page, 'The bot is logged in. Write to it.');
		},
	);

	await check('bot: what is written, and a picture, are answered', async () => {
		await write(page, '你好');
		await sees(page, 'You said: 你好');
		await press(page, 'Picture');
		await press(page, 'Send a sample');
		await sees(page, 'You said: [图片 picture]');
		assert.equal(await page.getByRole('button', { name: 'Location' }).isVisible(), false);
	});
	await show('bot');

	await check('bot: the person removes it, and is not answered any more', async () => {
		await press(page, 'Remove the bot');
		await sees(page, 'You have removed the bot.');
		await write(page, 'hello?');
		assert.match((await page.getByRole('alert').textContent()) ?? '', /^The bot is not logged in/);
	});
	await check('nothing went wrong on the page', close);
}

/** A server that takes the check of the console, and answers pushes with what is no answer. */
async function startGarbage(): Promise<{ url: string; server: Server }> {
	const server = createServer(({ url = '', method }, response) => {
		const { searchParams } = new URL(url, 'http://x');
		response.end(method === 'GET' ? searchParams.get('echostr') : '<html>Bad gateway</html>');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

async function showsFaults({
	environment,
	browser,
	demo,
	workflows,
}: BrowserEnvironment): Promise<void> {
	const { check, session } = environment;
	const { page, show, close } = await browser.open({ viewport: { width: 1400, height: 900 } });
	await page.goto(demo.url);
	const connect = async (url: string) => {
		await page.getByLabel('Production URL').fill(url);
		await press(page, 'Save and verify');
	};
	const faults = async () => await messages(page).getByText(FAULT_NOTICE).count();
	const before = await faults();
	await follow(page);
	await sees(page, 'Welcome!');

	await check('a run that fails shows nothing bad', async () => {
		const failing = changeParameters(showroom, 'Who is it?', { openid: 'nobody' });
		const { url } = await activateWorkflow(environment, failing);
		await connect(url);
		await page.getByText(`WeChat pushes to ${url}`).waitFor();
		await write(page, 'will this fail?');
		await page.locator('#pushes summary', { hasText: 'text success' }).first().waitFor();
		assert.equal(await faults(), before);
	});

	const { url, server } = await startGarbage();
	await check('garbage shows the fault notice, and why WeChat does not accept it', async () => {
		await connect(url);
		await page.getByText(`WeChat pushes to ${url}`).waitFor();
		await write(page, 'hello?');
		await page.getByText('WeChat would not accept this: the root element is not <xml>').waitFor();
		await sees(page, FAULT_NOTICE);
		assert.equal(await faults(), before + 1);
	});
	await show('fault');

	await check('a server that is down shows the fault notice after three deliveries', async () => {
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		await write(page, 'anybody?');
		await page.getByRole('heading', { name: /^Delivery 3/ }).waitFor();
		await page.locator('#pushes summary').first().getByText('not acceptable').waitFor();
		assert.equal(await faults(), before + 2);
	});

	await check('a workflow that is not active shows the fault notice', async () => {
		await connect(workflows.own.url);
		await page.getByText(`WeChat pushes to ${workflows.own.url}`).waitFor();
		await session.deactivate(workflows.own.id);
		await write(page, 'and now?');
		await page.locator('#pushes summary').first().getByText('refused').waitFor();
		assert.equal(await faults(), before + 3);
	});

	await check(
		'the address of an inactive workflow is not saved, and the page says what to look at',
		async () => {
			await connect(workflows.own.url);
			await page.getByRole('alert').getByText('Is the workflow active').waitFor();
			await session.activate(workflows.own.id);
			await connect(workflows.own.url);
			await page.getByRole('alert').waitFor({ state: 'hidden' });
			await write(page, 'back again');
			await sees(page, 'You said: back again');
		},
	);

	await check('a simulator that has ended is noticed', async () => {
		await page.route('**/demo/**', async (route) => await route.abort());
		await write(page, 'lost');
		await page.getByRole('alert').getByText('The connection to the simulator is lost').waitFor();
		await page.unroute('**/demo/**');
	});
	await check('nothing went wrong on the page', close);
}

async function looksAsWished({
	environment: { check },
	browser,
	demo,
}: BrowserEnvironment): Promise<void> {
	const colors = async (page: Page) =>
		await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
	const looks = [
		{ name: 'light', colorScheme: 'light', width: 1400, background: 'rgb(243, 244, 246)' },
		{ name: 'dark', colorScheme: 'dark', width: 1400, background: 'rgb(17, 19, 21)' },
		{ name: 'narrow', colorScheme: 'light', width: 360, background: 'rgb(243, 244, 246)' },
		{ name: 'narrow-dark', colorScheme: 'dark', width: 360, background: 'rgb(17, 19, 21)' },
	] as const;
	for (const { name, colorScheme, width, background } of looks)
		await check(`${name}: everything is readable and fits`, async () => {
			const viewport = { width, height: 800 };
			const { page, show, close } = await browser.open({
				colorScheme,
				viewport,
				reducedMotion: 'reduce',
			});
			await page.goto(demo.url);
			await sees(page, 'You said: back again');
			assert.equal(await colors(page), background);
			await page.getByText('What to enter in the credential').click();
			assert.deepEqual(await findFaintTexts(page), []);
			const widest = await page.evaluate<number>('document.documentElement.scrollWidth');
			assert.ok(widest <= width, `the page is ${widest} px wide`);
			await show(name);
			await page.getByText('Behind a third-party platform').click();
			assert.deepEqual(await findFaintTexts(page), []);
			await close();
		});

	await check('the page speaks Chinese when asked to, and remembers it', async () => {
		const { page, show, close } = await browser.open({ viewport: { width: 1400, height: 900 } });
		await page.goto(demo.url);
		await press(page, '中文');
		await page.getByRole('heading', { name: '微信推送' }).waitFor();
		await page.reload();
		await page.getByRole('heading', { name: '微信推送' }).waitFor();
		assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
		assert.equal(await page.title(), 'n8n 微信节点演示');
		await page.getByRole('button', { name: '发送', exact: true }).waitFor();
		await show('chinese');
		await close();
	});

	await check('a browser that prefers Chinese gets the Chinese page at once', async () => {
		const { page, close } = await browser.open({ locale: 'zh-CN' });
		await page.goto(demo.url);
		await page.getByRole('heading', { name: '微信推送' }).waitFor();
		await close();
	});
}

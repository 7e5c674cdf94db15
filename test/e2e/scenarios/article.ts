import assert from 'node:assert/strict';
import sharp from 'sharp';
import { startSimulator } from '../../simulator';
import { jpeg } from '../../simulator/accounts/jpeg';
import { submitFormToEnd, waitForForm } from '../actors/form';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import { changeParameters } from '../workflows/activeWorkflow';
import { eventually, waitForAll } from '../services/eventually';
import { aiArticle, markdownToDraft } from '../workflows/exampleWorkflows';
import { startExternalServer } from '../services/externalServer';
import { withGroupChatBot, type GroupChatBot } from '../services/groupChatBot';
import {
	activatePlatformTrigger,
	connectPlatform,
	createPlatformCredential,
	FIRST,
	startSimulatorWithPlatform,
} from '../actors/platform';
import { createCallableNode } from '../workflows/callableNode';
import { createRunnableWorkflow } from '../workflows/runnableWorkflow';
import { withCredential } from '../workflows/workflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

type Json = Record<string, unknown>;
type Credential = { id: string; name: string };

/** From Markdown to an article that is published. */
const scenario: Scenario = {
	name: 'article',
	run: async (outer) => {
		const simulators = await Promise.all([
			startSimulator(),
			startSimulator(),
			startSimulator(),
			startSimulatorWithPlatform(),
		]);
		const open = async (index: number) => {
			const environment = outer.copyWith({ simulator: simulators[index] });
			const data = toAccountCredential(simulators[index]);
			const name = `Articles ${index}`;
			const account = await outer.session.createCredential(name, ACCOUNT_TYPE, data);
			return [environment, account] as const;
		};
		try {
			const [own, account] = await open(2);
			await waitForAll([
				letsEditorDecide(...(await open(0))),
				takesFile(...(await open(1))),
				goesRound(own, 'an account', { credentials: { [ACCOUNT_TYPE]: account } }),
				goesRoundForPlatform(outer.copyWith({ simulator: simulators[3] })),
			]);
		} finally {
			await Promise.all(simulators.map((one) => one.close()));
		}
	},
};

export default scenario;

const PUBLISH = '/cgi-bin/freepublish/submit';
const UPLOAD = '/cgi-bin/media/uploadimg';

/** The articles that drafts were made of. */
const listDrafted = ({ simulator }: Pick<ScenarioEnvironment, 'simulator'>) =>
	simulator.calls
		.filter(({ path }) => path === '/cgi-bin/draft/add')
		.map(({ body }) => (body as { articles: Json[] }).articles[0]);

const WRITTEN = '# Oolong for Monday\n\n## Where it comes from\n\nFrom **Fujian**.\n';

async function letsEditorDecide(
	environment: ScenarioEnvironment,
	account: Credential,
): Promise<void> {
	const { check, session, simulator } = environment;
	const cover = simulator.addMaterial(jpeg, 'cover.jpg');
	const model = await startExternalServer(() => ({
		choices: [{ message: { role: 'assistant', content: WRITTEN } }],
	}));
	const bearer = await session.createCredential('Model', 'httpBearerAuth', { token: 'sk' });
	const listTexts = ({ received }: GroupChatBot) =>
		received.map(({ body }) => (body as { text: { content: string } }).text.content);

	await withGroupChatBot(environment, async (bot) => {
		const asked = changeParameters(aiArticle, 'Ask the model', {
			url: `${model.url}/v1/chat/completions`,
		});
		const assignments = [
			{ id: 'topic', name: 'topic', value: 'Oolong', type: 'string' },
			{ id: 'author', name: 'author', value: 'Tea House', type: 'string' },
			{ id: 'cover', name: 'cover', value: cover, type: 'string' },
		];
		const assigned = changeParameters(asked, 'Assignment', { assignments: { assignments } });
		const open = async (robot: Credential) =>
			await createRunnableWorkflow(environment, bot.of(assigned), {
				[ACCOUNT_TYPE]: account,
				httpBearerAuth: bearer,
				httpQueryAuth: robot,
			});
		const run = await open(bot.credential);
		/** Lets it run until the group is told where to decide, and decides. */
		const decide = async (decision: string) => {
			const before = bot.received.length;
			const ended = run();
			// When the form fails, the run ends too late to be heard.
			ended.catch(() => {});
			await eventually(() => assert.equal(bot.received.length, before + 1), 30_000);
			await submitDecision(listTexts(bot)[before], decision);
			return await ended;
		};

		await check('what a model writes is published when the editor says so', async () => {
			simulator.setJobCourse({ takesMs: 3000 });
			const execution = await decide('Publish it');
			const [{ title, author, content, thumb_media_id }] = listDrafted(environment);
			assert.deepEqual([title, author, thumb_media_id], ['Oolong for Monday', 'Tea House', cover]);
			assert.match(String(content), /<strong[^>]*>(<[^>]+>)*Fujian/);
			assert.deepEqual((model.received[0].body as { messages: object[] }).messages[1], {
				role: 'user',
				content: 'Oolong',
			});
			const [{ articles }] = session.listItems(execution, 'Publish');
			const [{ url }] = articles as Json[];
			const [draft, published] = listTexts(bot);
			assert.match(draft, /^New draft: Oolong for Monday\n.*http/);
			assert.equal(published, `Published: Oolong for Monday\n${String(url)}`);
		});

		await check('it stays a draft when the editor says so', async () => {
			const before = simulator.count(PUBLISH);
			await decide('Leave it as a draft');
			assert.equal(listDrafted(environment).length, 2);
			assert.equal(simulator.count(PUBLISH), before);
		});

		await check('a group that cannot be told ends the run with the reason', async () => {
			const execution = await (await open(bot.wrong))({ mayFail: true });
			assert.match(
				String(findError(execution)),
				/refused the message \(群机器人拒绝了消息\): invalid webhook url/,
			);
		});

		await check('what WeChat refuses to publish ends the run with its reason', async () => {
			simulator.setJobCourse({ publishStatus: 4, failIdx: [1] });
			await assert.rejects(decide('Publish it'), /Rejected by the review \(article 1\)/);
		});
	});
	await model.close();
}

/** What the editor does with the form whose address the group was told. */
async function submitDecision(told: string, decision: string): Promise<void> {
	const [url] = /http:\S+/.exec(told) ?? [''];
	await waitForForm(new URL(url));
	assert.match(await (await fetch(url)).text(), /Leave it as a draft/);
	const body = new FormData();
	body.append('field-0', decision);
	assert.equal((await fetch(url, { method: 'POST', body })).status, 200);
}

const HANDED_IN = `---
author: Helen
digest: Where we are now
---

# We have moved

To **花园街：**近地铁。

![Our shop](pictures/shop.jpg)

![Our garden](garden.webp)
`;

async function takesFile(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, session, simulator } = environment;
	const form = await session.createWorkflow(withCredential(markdownToDraft, ACCOUNT_TYPE, account));
	await session.activate(form.id);
	// WeChat takes no WebP: n8n has to load sharp.
	const webp = await sharp({
		create: { width: 60, height: 40, channels: 3, background: '#07c160' },
	})
		.webp()
		.toBuffer();
	const file = new File([HANDED_IN], 'moved.md', { type: 'text/markdown' });
	const submit = async (...names: string[]) => {
		const pictures = names.map((name) => new File([jpeg], name, { type: 'image/jpeg' }));
		const garden = new File([webp], 'garden.webp', { type: 'image/webp' });
		return await submitFormToEnd(environment, form, [[file], [...pictures, garden]]);
	};

	await check('a Markdown file and its pictures become a draft', async () => {
		for (const name of ['one', 'other'])
			simulator.fault({ path: UPLOAD, answer: { url: `http://mmbiz.qpic.cn/mmbiz/${name}/0` } });
		assert.match(await submit('shop.jpg'), /Draft: We have moved/);
		const [{ title, author, digest, content }] = listDrafted(environment);
		assert.deepEqual([title, author, digest], ['We have moved', 'Helen', 'Where we are now']);
		for (const name of ['one', 'other'])
			assert.ok(String(content).includes(`src="http://mmbiz.qpic.cn/mmbiz/${name}/0"`), name);
		assert.match(String(content), /<strong[^>]*>(<[^>]+>)*花园街：/);
	});

	await check('the same file again uploads no picture again', async () => {
		const before = simulator.count(UPLOAD);
		await submit('shop.jpg');
		assert.equal(listDrafted(environment).length, 2);
		assert.equal(simulator.count(UPLOAD), before);
	});
}

/** What of a node says whom it acts for. */
interface Acting {
	parameters?: Json;
	credentials: Record<string, Credential>;
}

async function goesRoundForPlatform(environment: ScenarioEnvironment): Promise<void> {
	const { platform } = environment.simulator;
	const credentials = await createPlatformCredential(environment);
	const trigger = await activatePlatformTrigger(environment, credentials);
	connectPlatform(environment.simulator, trigger);
	await platform.pushTicket();
	assert.equal((await platform.authorize(FIRST)).result?.outcome, 'success');
	const account = { __rl: true, mode: 'id', value: FIRST };
	const parameters = { authentication: 'openPlatform', account };
	await goesRound(environment, 'an account of a platform', { parameters, credentials });
}

async function goesRound(
	environment: ScenarioEnvironment,
	who: string,
	{ parameters, credentials }: Acting,
): Promise<void> {
	const { check, simulator } = environment;
	const call = async (resource: string, operation: string, fields: Json) =>
		await createCallableNode(environment, {
			type: 'n8n-nodes-wechat-platform.wechat',
			parameters: { ...parameters, resource, operation, ...fields },
			credentials,
		});
	const content = '={{ $json.body.content }}';
	const media_id = { __rl: true, mode: 'id', value: '={{ $json.body.media_id }}' };
	const create = await call('article', 'createDraft', { content });
	const read = await call('article', 'getMarkdown', { media_id });
	const update = await call('article', 'updateDraft', { media_id, content });
	const publish = await call('publication', 'publish', { media_id, wait: true });
	const picture = simulator.mediaUrl(simulator.addMedia(jpeg, 'a.jpg'));

	await check(`${who}: an article is written, read, changed and published`, async () => {
		const text = `# News\n\n**中文：**文字\n\n![Shop](${picture})\n`;
		const [draft] = await create({ content: text });
		const uploads = simulator.count(UPLOAD);
		assert.equal(uploads, 1);
		const [{ title, markdown }] = await read(draft);
		assert.equal(title, 'News');
		assert.match(String(markdown), /\*\*中文：\*\*文字/);
		assert.match(String(markdown), /!\[Shop\]\(https?:\/\/mmbiz\.qpic\.cn\//);
		await update({ ...draft, content: `${text}\nMore.\n` });
		assert.equal(simulator.count(UPLOAD), uploads);
		assert.match(String((await read(draft))[0].markdown), /More\./);
		simulator.setJobCourse({ takesMs: 3000 });
		const [{ meaning, articles }] = await publish(draft);
		assert.equal(meaning, 'Published');
		assert.match(String((articles as Json[])[0].url), /^http:\/\/mp\.weixin\.qq\.com\/s\//);
	});
}

import assert from 'node:assert/strict';
import { startSimulator } from '../../simulator';
import { jpeg } from '../../simulator/accounts/jpeg';
import { submitFormToEnd } from '../actors/form';
import { ACCOUNT_TYPE, toAccountCredential } from '../n8n/credentials';
import { findError } from '../n8n/execution';
import { activateWorkflowWith, changeParameters } from '../workflows/activeWorkflow';
import { eventually, waitForAll } from '../services/eventually';
import { aiArticle, markdownToDraft } from '../workflows/exampleWorkflows';
import { startExternalServer } from '../services/externalServer';
import { withGroupChatBot, type GroupChatBot } from '../services/groupChatBot';
import { createRunnableWorkflow } from '../workflows/runnableWorkflow';
import type { Scenario, ScenarioEnvironment } from '../scenario';

type Json = Record<string, unknown>;
type Credential = { id: string; name: string };

/** From Markdown to an article that is published. */
const scenario: Scenario = {
	name: 'article',
	run: async (outer) => {
		const simulators = await Promise.all([startSimulator(), startSimulator()]);
		const open = async (index: number) => {
			const environment = outer.copyWith({ simulator: simulators[index] });
			const data = toAccountCredential(simulators[index]);
			const name = `Articles ${index}`;
			const account = await outer.session.createCredential(name, ACCOUNT_TYPE, data);
			return [environment, account] as const;
		};
		try {
			await waitForAll([letsEditorDecide(...(await open(0))), takesFile(...(await open(1)))]);
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
			assert.match(String(findError(execution)), /refused the message: invalid webhook url/);
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
`;

async function takesFile(environment: ScenarioEnvironment, account: Credential): Promise<void> {
	const { check, simulator } = environment;
	const form = await activateWorkflowWith(environment, markdownToDraft, account);
	const file = new File([HANDED_IN], 'moved.md', { type: 'text/markdown' });
	const submit = async (...names: string[]) => {
		const pictures = names.map((name) => new File([jpeg], name, { type: 'image/jpeg' }));
		return await submitFormToEnd(environment, form.workflow, [[file], pictures]);
	};

	await check('a Markdown file and its picture become a draft', async () => {
		simulator.fault({ path: UPLOAD, answer: { url: 'http://mmbiz.qpic.cn/mmbiz/shop/0' } });
		assert.match(await submit('shop.jpg'), /Draft: We have moved/);
		const [{ title, author, digest, content }] = listDrafted(environment);
		assert.deepEqual([title, author, digest], ['We have moved', 'Helen', 'Where we are now']);
		assert.match(String(content), /src="http:\/\/mmbiz\.qpic\.cn\/mmbiz\/shop\/0"/);
		assert.match(String(content), /<strong[^>]*>(<[^>]+>)*花园街：/);
	});

	await check('the same file again uploads no picture again', async () => {
		const before = simulator.count(UPLOAD);
		await submit('shop.jpg');
		assert.equal(listDrafted(environment).length, 2);
		assert.equal(simulator.count(UPLOAD), before);
	});
}

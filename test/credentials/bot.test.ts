import { createCredentialTests } from '../../nodes/n8n/credentialTests';
import { ANNA, closeScenes, openScene } from '../support/bot';
import { listenToBot, logBotIn } from '../support/botTrigger';
import { Credentials } from '../support/credentials';
import { credentialTestContext, prepareN8n } from '../support/n8n';

prepareN8n();
afterEach(closeScenes);

test('n8n reaches the server of bots, and says whether the bot is logged in', async () => {
	const scene = await openScene();
	const { testWechatBot } = createCredentialTests(scene.services);
	const credentials = new Credentials({ baseUrl: scene.server.url }, 'wechatBotApi');
	const verdict = async (changes: object = {}) => {
		const data = { ...credentials.data, ...changes };
		const given = { id: '1', name: 'n', type: 'wechatBotApi', data };
		const { status, message } = await testWechatBot.call(credentialTestContext(), given);
		return `${status}: ${message}`;
	};
	expect(await verdict()).toMatch(/^OK: WeChat answers this n8n\. Publish a workflow/);
	const listening = await listenToBot(scene.services, credentials);
	await logBotIn(scene, listening.type, credentials, { userId: ANNA });
	expect(await verdict()).toBe(
		'OK: WeChat answers this n8n. The bot is logged in since 2026-11-29.',
	);
	await listening.stop();
	expect(await verdict({ baseUrl: 'http://127.0.0.1:9' })).toMatch(
		/^Error: No answer from WeChat: .*Check API Base URL/,
	);
	expect(await verdict({ proxyUrl: 'proxy' })).toMatch(/^Error: "Proxy URL" is not an address/);
});

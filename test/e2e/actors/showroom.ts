import { randomUUID } from 'node:crypto';
import { CREDENTIAL_TYPE, credentialFor } from '../n8n/credential';
import { change, converseWith, type Conversation } from './echoBot';
import { showroom } from './examples';
import { callAsOwner } from '../n8n/owner';
import { openCredential, PLATFORM_TYPE } from './platform';
import type { Stage } from '../n8n/stage';
import { webhookUrl, type Workflow } from '../n8n/workflow';

const WECHAT = 'n8n-nodes-wechat-platform.wechat';

/** The menu that the owner of an account has made; SLOW is the item that showroom.json takes time for. */
const MENU = [
	{
		name: '菜单 Menu',
		sub_button: [
			{ type: 'click', name: '营业时间 Hours', key: 'HOURS' },
			{ type: 'view', name: '网站 Website', url: 'https://docs.n8n.io' },
		],
	},
	{ type: 'click', name: '慢 Slow', key: 'SLOW' },
	{ type: 'click', name: '关于 About', key: 'ABOUT' },
];

export interface Showroom {
	own: Conversation;
	platform: Conversation;
}

/** showroom.json twice: for an account of its own, and for the accounts of a platform; both have a menu. */
export async function openShowroom(stage: Stage, pictureUrl: string): Promise<Showroom> {
	const { session, simulator } = stage;
	const workflow = withPicture(showroom, pictureUrl);
	const data = credentialFor(simulator);
	const credential = await session.createCredential('WeChat (imitation)', CREDENTIAL_TYPE, data);
	const own = await converseWith(stage, workflow, credential);
	const platform = await openAtPlatform(stage, workflow);
	for (const account of simulator.accounts.slice(0, 2))
		await callAsOwner(simulator, account, '/cgi-bin/menu/create', { button: MENU });
	return { own, platform };
}

/** The picture of the news card. */
const withPicture = (workflow: Workflow, PicUrl: string) => {
	const welcome = workflow.nodes.find(({ name }) => name === 'Welcome');
	const { article } = welcome?.parameters?.articles as { article: object[] };
	const articles = { article: article.map((one) => ({ ...one, PicUrl })) };
	return change(workflow, 'Welcome', { articles });
};

/** The same nodes with the credential of the platform, for whatever account the push came for. */
async function openAtPlatform(stage: Stage, workflow: Workflow): Promise<Conversation> {
	const { n8n, session } = stage;
	const credentials = await openCredential(stage);
	const value = "={{ $('WeChat Trigger').item.json.accountAppId }}";
	const nodes = workflow.nodes.map((node) => ({
		...node,
		...(node.webhookId && { webhookId: randomUUID() }),
		...(node.credentials?.[CREDENTIAL_TYPE] && {
			credentials: { [PLATFORM_TYPE]: credentials[PLATFORM_TYPE] },
			parameters: {
				...node.parameters,
				authentication: 'openPlatform',
				...(node.type === WECHAT && { account: { __rl: true, mode: 'id', value } }),
			},
		}),
	}));
	const name = `${workflow.name} (third-party platform)`;
	const made = await session.createWorkflow({ ...workflow, name, nodes });
	await session.activate(made.id);
	return { id: made.id, url: webhookUrl(n8n.url, made), workflow: made };
}

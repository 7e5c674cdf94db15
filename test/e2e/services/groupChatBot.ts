import { changeParameters } from '../workflows/activeWorkflow';
import { startExternalServer, type ReceivedRequest } from './externalServer';
import type { TestEnvironment } from '../testEnvironment';
import type { Workflow } from '../workflows/workflow';

type Credential = { id: string; name: string };

/** What a group is told. */
export const toGroupMessage = (content: string) => ({ msgtype: 'text', text: { content } });

export const BOT_KEY = 'robot-key-for-tests';
const PATH = '/cgi-bin/webhook/send';
const MAX_TEXT_BYTES = 2048;

export interface GroupChatBot {
	received: ReceivedRequest[];
	credential: Credential;
	/** With a key that it does not know. */
	wrong: Credential;
	/** The workflow with the address of this robot in the nodes that tell something. */
	of(workflow: Workflow): Workflow;
}

/** A robot in a group chat (群机器人), as WeCom has them: what it refuses is answered with HTTP 200, too. */
export async function withGroupChatBot(
	{ session }: TestEnvironment,
	work: (bot: GroupChatBot) => Promise<void>,
): Promise<void> {
	const outside = await startExternalServer(({ path, query, body }) => {
		if (path !== PATH) return undefined;
		if (query.key !== BOT_KEY) return { errcode: 93000, errmsg: 'invalid webhook url' };
		const { msgtype, text } = body as Partial<ReturnType<typeof toGroupMessage>>;
		if (msgtype !== 'text' || !text?.content) return { errcode: 40008, errmsg: 'invalid type' };
		if (Buffer.byteLength(text.content) > MAX_TEXT_BYTES)
			return { errcode: 40058, errmsg: 'text.content exceed max length 2048' };
		return { errcode: 0, errmsg: 'ok' };
	});
	const key = async (value: string) =>
		await session.createCredential('Robot', 'httpQueryAuth', { name: 'key', value });
	try {
		await work({
			received: outside.received,
			credential: await key(BOT_KEY),
			wrong: await key('wrong'),
			of: (workflow) =>
				workflow.nodes
					.filter(({ name }) => name.startsWith('Tell the '))
					.reduce(
						(one, { name }) => changeParameters(one, name, { url: outside.url + PATH }),
						workflow,
					),
		});
	} finally {
		await outside.close();
	}
}

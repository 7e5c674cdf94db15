import { prepareN8n, runNode } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';

/**
 * A node as the tool of an agent. The model is shown the message of an error and nothing else (n8n 2.41.1,
 * n8n-nodes-langchain, buildSteps.js), and tools get no binary data, with "Passthrough" either.
 */
prepareN8n();
const simulator = useSimulator({ followers: 1 });

const run = async (type: string, parameters: Record<string, string>) =>
	await runNode(type, parameters, credentialsFor(simulator()));

const message = {
	resource: 'customerServiceMessage',
	operation: 'send',
	touser: 'nobody',
	content: 'Hi',
};

test('the model is told what to do about an error', async () => {
	const node = await run('wechat', message);
	const tool = await run('wechatTool', message);
	const [hint] = String(node.error?.description).split(' WeChat keeps');
	expect(hint).toContain('OpenID');
	expect(node.error?.message).not.toContain(hint);
	expect(tool.error?.message).toBe(`${node.error?.message}. ${hint}`);
	expect(tool.error?.description).toContain(hint);
});

test.each(['material', 'customerServiceAgent'])(
	'an upload says where the file goes: %s',
	async (resource) => {
		const operation = resource === 'material' ? 'uploadTemporary' : 'uploadPicture';
		const { error } = await run('wechatTool', { resource, operation, kf_account: 'a@b' });
		expect(error?.message).toMatch(
			/" names a file of an item, and the tool of an agent gets none. Upload the file .+ media ID or address\.$/,
		);
	},
);

test('a field that is wrong says so with its description', async () => {
	const { error } = await run('wechatTool', { ...message, content: "={{ '' }}" });
	expect(error?.message).toMatch(/^"Text \(文字\)" is missing. At most .+\. /);
});

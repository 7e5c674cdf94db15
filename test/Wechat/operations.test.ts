import type { INodeParameters } from 'n8n-workflow';
import { resources } from '../../nodes/Wechat/Wechat.node';
import blacklist from '../fixtures/operations/blacklist.json';
import customerServiceMessage from '../fixtures/operations/customerServiceMessage.json';
import qrCode from '../fixtures/operations/qrCode.json';
import tag from '../fixtures/operations/tag.json';
import user from '../fixtures/operations/user.json';
import { DEFAULT_ACCOUNT } from '../simulator';
import { prepareN8n, runNode } from '../support/n8n';
import { testOperations } from '../support/operations';
import { credentialsFor, useSimulator } from '../support/simulator';

const fixtures = { blacklist, customerServiceMessage, qrCode, tag, user };

prepareN8n();
const oldAccount = { ...DEFAULT_ACCOUNT, appId: 'wx00000000000000aa' };
const simulator = useSimulator({ followers: 4, accounts: [DEFAULT_ACCOUNT, oldAccount] });
const words: Record<string, string | number> = { oldAppId: oldAccount.appId };
let tagsMade = 0;

const send = async (params: INodeParameters) =>
	(await runNode('wechat', params, credentialsFor(simulator()))).output[0].json;

beforeAll(async () => {
	simulator()
		.openids()
		.forEach((openid, index) => (words[`user${index}`] = openid));
	words.media = simulator().addMedia(Buffer.from('picture'), 'picture.jpg');
	words.voice = simulator().addMedia(Buffer.from('voice'), 'voice.amr');
	words.video = simulator().addMedia(Buffer.from('video'), 'video.mp4');
	const code = { action_name: 'QR_LIMIT_SCENE', permanent_scene_id: 1, image: false };
	words.ticket = (await send({ resource: 'qrCode', operation: 'create', ...code }))
		.ticket as string;
});

beforeEach(async () => {
	const tag = { resource: 'tag', operation: 'create', name: `for test ${++tagsMade}` };
	words.tag = (await send(tag)).id as number;
});

testOperations({
	node: 'wechat',
	resources,
	fixtures,
	simulator,
	credentials: () => credentialsFor(simulator()),
	words,
});

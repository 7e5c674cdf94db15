import { restartProcess } from '../support/services';
import { resources } from '../../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import { MINI_PROGRAM_ACCOUNT, startSimulator, type Simulator } from '../simulator';
import { at, MINI_PROGRAMS, pages, runnerFor, SECOND_MINI } from '../support/miniPrograms';
import { prepareN8n, type Credentials } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { platformCredentialsFor } from '../support/simulator';

const fixtures = fixturesIn('platform/code');

prepareN8n();
const mini = MINI_PROGRAM_ACCOUNT;
let simulator: Simulator;
let credentials: Credentials;
const words: Record<string, string | number> = {
	miniAppId: mini.appId,
	reviewAppId: SECOND_MINI.appId,
};
const run = runnerFor(() => credentials);

/** What the simulator makes of the file "a.png" with these bytes, and of the text "bytes". */
async function upload(resource: string, operation: string, fileName: string) {
	const { runNode } = await import('../support/n8n');
	const data = Buffer.from('bytes').toString('base64');
	const { output, error } = await runNode(
		'wechatOpenPlatform',
		{ resource, operation, ...at(mini) },
		credentials,
		[{ json: {}, binary: { data: { data, fileName, mimeType: 'text/plain' } } }],
	);
	if (error) throw error;
	return output[0].json;
}

/** Commits a version, and submits it. */
async function submit(to: typeof mini, user_version: string): Promise<number> {
	const template_id = { mode: 'id', value: String(words.templateId) };
	await run('code', 'commit', { ...at(to), template_id, user_version, user_desc: 'x' });
	const [{ auditid }] = await run('review', 'submit', { ...at(to), ...pages() });
	return Number(auditid);
}

async function pass(to: typeof mini, user_version: string): Promise<void> {
	await submit(to, user_version);
	await simulator.platform.finishReview(to.appId, { result: 'success', push: false });
}

/** One mini program has two releases and a version that passed; a version of the other is under review. */
beforeEach(async () => {
	restartProcess();
	// Commits are told apart by their time.
	let now = Date.now() - 60_000;
	simulator = await startSimulator({ accounts: MINI_PROGRAMS, now: () => now++ });
	credentials = await platformCredentialsFor(simulator);
	for (const { appId } of MINI_PROGRAMS) await simulator.platform.authorize(appId, { push: false });
	words.draftId = simulator.platform.uploadDraft();
	await run('template', 'addDraft', { draft_id: { mode: 'id', value: String(words.draftId) } });
	words.templateId = 1;
	for (const version of ['1.0.0', '1.1.0']) {
		await pass(mini, version);
		await run('release', 'release', at(mini));
	}
	await pass(mini, '1.2.0');
	words.auditid = await submit(SECOND_MINI, '1.0.0');
	const [{ userstr }] = await run('tester', 'add', { ...at(mini), wechatid: 'zhangsan_1980' });
	words.userstr = String(userstr);
	words.media = String((await upload('review', 'uploadMedia', 'a.png')).mediaid);
	words.guidelines = String((await upload('privacy', 'upload', 'a.txt')).ext_file_media_id);
});
afterEach(async () => await simulator.close());

testOperations({
	node: 'wechatOpenPlatform',
	resources: resources.filter(({ value }) => value in fixtures),
	fixtures,
	simulator: () => simulator,
	credentials: () => credentials,
	words,
	secretsIn: ({ data }) => [String(data.appSecret), '@@@'],
});

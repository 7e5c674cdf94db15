import { MINI_PROGRAM_ACCOUNT } from '../simulator';
import { prepareN8n, type Credentials } from '../support/n8n';
import { at, pages, runnerFor } from '../support/miniPrograms';
import { platformCredentialsFor, useSimulator } from '../support/simulator';
import { serveTrigger, type Served } from '../support/webhook';

prepareN8n();
const mini = MINI_PROGRAM_ACCOUNT;
const simulator = useSimulator({ accounts: [mini] });
let credentials: Credentials;
let trigger: Served;
const run = runnerFor(() => credentials);

beforeAll(async () => {
	credentials = await platformCredentialsFor(simulator());
	trigger = await serveTrigger(
		{ authentication: 'openPlatform', kinds: ['all'], respond: 'onReceived' },
		credentials,
	);
	const { connect, authorize, uploadDraft } = simulator().platform;
	connect({ events: trigger.url, messages: `${trigger.url}/$APPID$` });
	await authorize(mini.appId, { push: false });
	const draft_id = { mode: 'id', value: String(uploadDraft()) };
	await run('template', 'addDraft', { draft_id });
	const template_id = { mode: 'id', value: '1' };
	await run('code', 'commit', { ...at(mini), template_id, user_version: '1', user_desc: 'x' });
});
afterAll(async () => await trigger.close());

async function hear(
	verdict: Parameters<ReturnType<typeof simulator>['platform']['finishReview']>[1],
) {
	await run('review', 'submit', { ...at(mini), ...pages() });
	trigger.items.length = 0;
	const result = await simulator().platform.finishReview(mini.appId, verdict);
	expect(result?.outcome).toBe('success');
	await trigger.idle();
	expect(trigger.items).toHaveLength(1);
	return trigger.items[0];
}

test('a version that is rejected comes with its reason in lines of text', async () => {
	const reason = '1:账号信息不符合规范<br>2:服务类目 &lt;工具&gt;<br>';
	expect(await hear({ result: 'fail', reason, screenshot: 'a|b' })).toMatchObject({
		kind: 'event.weapp_audit_fail',
		accountAppId: mini.appId,
		Reason: reason,
		reasonText: '1:账号信息不符合规范\n2:服务类目 <工具>',
		ScreenShot: 'a|b',
	});
});

test('a version that takes longer comes with the reason', async () => {
	expect(await hear({ result: 'delay', reason: '审核时效延长<br>' })).toMatchObject({
		kind: 'event.weapp_audit_delay',
		reasonText: '审核时效延长',
	});
	await simulator().platform.finishReview(mini.appId, { result: 'fail', push: false });
});

test('a version that passed comes without a reason', async () => {
	const item = await hear({ result: 'success' });
	expect(item).toMatchObject({ kind: 'event.weapp_audit_success', accountAppId: mini.appId });
	expect(item.SuccTime).toMatch(/^\d{10}$/);
	expect(item).not.toHaveProperty('reasonText');
});

import type { INodeParameters } from 'n8n-workflow';
import type { State } from '../../nodes/api/state';
import { restartProcess } from '../support/services';
import { resources } from '../../nodes/WechatOpenPlatform/WechatOpenPlatform.node';
import {
	DEFAULT_ACCOUNT,
	MINI_PROGRAM_ACCOUNT,
	startSimulator,
	type Simulator,
} from '../simulator';
import { prepareN8n, runNode, type Credentials } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { platformCredentialsFor } from '../support/simulator';

/** Those for the code of mini programs and for their owners have files of their own. */
const others = ['platform/code', 'platform/owner'].flatMap((folder) =>
	Object.keys(fixturesIn(folder)),
);
const fixtures = fixturesIn('platform');

prepareN8n();
const official = { ...DEFAULT_ACCOUNT, unconfirmed: [9, 11] };
const mini = MINI_PROGRAM_ACCOUNT;
let simulator: Simulator;
const words: Record<string, string | number> = {
	appId: official.appId,
	name: official.name,
	miniAppId: mini.appId,
	miniName: mini.name,
};

const credentials = async () => await platformCredentialsFor(simulator);

async function send(resource: string, operation: string, params: INodeParameters) {
	const parameters = { resource, operation, ...params };
	const { output, error } = await runNode('wechatOpenPlatform', parameters, await credentials());
	if (error) throw error;
	return output[0].json as Record<string, string>;
}

/** The owners have authorized; the mini program has an open account, and two registrations are running. */
beforeEach(async () => {
	restartProcess();
	simulator = await startSimulator({ accounts: [official, mini] });
	const { settings, authorize, registrationTicket } = simulator.platform;
	words.platformAppId = settings.appId;
	await authorize(official.appId, { push: false });
	words.code = (await authorize(mini.appId, { permissions: [18, 25], push: false })).code;
	words.ticket = registrationTicket(official.appId);
	const account = { mode: 'id', value: mini.appId };
	words.openAppId = (await send('openAccount', 'create', { account })).open_appid;
	const company = {
		name: '另一家',
		code: '91440300MA5ABCDE2L',
		component_phone: '1',
		image: false,
	};
	words.companyTask = (await send('registration', 'createCompany', company)).taskid;
	const upgrade = { account, component_phone: '1', image: false };
	words.upgradeTask = (await send('registration', 'upgradeTrial', upgrade)).taskid;
	const person = { idname: '李四', wxuser: 'lisi_1980', image: false };
	words.taskid = (await send('registration', 'createPersonal', person)).taskid;
});
afterEach(async () => await simulator.close());

/** All that would let somebody act for the platform or an account; `SECRET` stands for it in fixtures. */
function secretsIn({ data }: Credentials): string[] {
	const { ticket, token, accounts = {} } = JSON.parse(String(data.state)) as State;
	const known = [data.appSecret, data.token, data.encodingAesKey, ticket?.value, token?.value];
	const granted = Object.values(accounts).flatMap((of) => [of.refreshToken, of.token?.value]);
	const used = [...known, ...granted].filter((value) => value !== undefined);
	return ['SECRET', '@@@', ...used.map(String)];
}

testOperations({
	node: 'wechatOpenPlatform',
	resources: resources.filter(({ value }) => !others.includes(value)),
	fixtures,
	simulator: () => simulator,
	credentials,
	words,
	secretsIn,
});

import { resources } from '../../nodes/WechatSoter/WechatSoter.node';
import { MINI_PROGRAM_ACCOUNT as MINI, MOBILE_APP_ACCOUNT as APP, Phone } from '../simulator';
import { prepareN8n } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { credentialsFor, platformCredentialsFor, useSimulator } from '../support/simulator';

prepareN8n();
const phone = new Phone();
const simulator = useSimulator({ accounts: [APP, MINI], phones: [phone] });
const fixtures = fixturesIn('soter');

const ask = phone.exportAsk();
const authKey = phone.exportAuthKey();
const result = phone.confirm('login 4711');
const words: Record<string, string> = {
	askJson: ask.json,
	askSignature: ask.signature,
	askBlob: ask.blob.toString('base64'),
	askPem: phone.ask.pem,
	authKeyJson: authKey.json,
	authKeySignature: authKey.signature,
	authKeyPem: phone.authKey.pem,
	resultJson: result.json,
	resultSignature: result.signature,
	resultBlob: result.blob.toString('base64'),
};
beforeAll(() => {
	[words.openid] = simulator().openids(MINI.appId);
});

const credentialsOf = ({ appId, secret }: typeof APP, kind: string) =>
	credentialsFor(simulator(), { appId, appSecret: secret, kind });

describe('by the credential of the app', () =>
	testOperations({
		node: 'wechatSoter',
		resources,
		fixtures,
		simulator,
		words,
		credentials: (resource) =>
			resource === 'signature'
				? credentialsOf(MINI, 'miniProgram')
				: credentialsOf(APP, 'mobileApp'),
	}));

describe('for a mini program that authorized a platform', () =>
	testOperations({
		node: 'wechatSoter',
		resources: resources.filter(({ value }) => value === 'signature'),
		fixtures: { signature: fixtures.signature },
		simulator,
		words,
		credentials: async () => {
			await simulator().platform.authorize(MINI.appId, { push: false });
			return await platformCredentialsFor(simulator());
		},
		params: {
			authentication: 'openPlatform',
			account: { __rl: true, mode: 'id', value: MINI.appId },
		},
	}));

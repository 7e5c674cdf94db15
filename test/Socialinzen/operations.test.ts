import type { State } from '../../nodes/api/state';
import { resources } from '../../nodes/Socialinzen/Socialinzen.node';
import { prepareN8n, type Credentials } from '../support/n8n';
import { fixturesIn, testOperations } from '../support/operations';
import { socialinzenCredentialsFor, useSocialinzen } from '../support/socialinzen';

prepareN8n();
const server = useSocialinzen();
const words: Record<string, string | number> = {};

/** A group with nobody in it, material of each kind, and a rule. */
beforeEach(async () => {
	const { url, appId, followers, addGroup, addMaterial } = server();
	words.base = url;
	words.appId = appId;
	words.openid = followers[0].openid;
	words.groupId = addGroup('老顾客');
	words.groupText = String(words.groupId);
	words.imageId = addMaterial('image', 'a.png');
	words.voiceId = addMaterial('voice', 'a.mp3');
	words.videoId = addMaterial('video', 'a.mp4');
	words.thumbId = addMaterial('thumb', 'a.jpg');
	server().addRule({ type: 'text', reply: { type: 'text', content: 'hi' }, request: '你好' });
});

function secretsIn({ data }: Credentials): string[] {
	const { token } = JSON.parse(String(data.state || '{}')) as State;
	const used = [token?.value].filter((value) => value !== undefined && value !== '');
	return [String(data.password), ...used.map(String)];
}

testOperations({
	node: 'socialinzen',
	resources,
	fixtures: fixturesIn('socialinzen'),
	simulator: server,
	credentials: () => socialinzenCredentialsFor(server()),
	words,
	secretsIn,
});

import { startPayV3Server, type PayV3Options, type PayV3Server } from '../simulator/payV3';
import { Credentials } from './credentials';
import { MAKING_KEYS_MS } from './pay';
import { restartProcess } from './services';

/** A WeChat Pay (API v3) for one test file. */
export function usePayV3(options: Partial<PayV3Options> = {}): () => PayV3Server {
	let server: PayV3Server;
	beforeAll(async () => {
		server = await startPayV3Server(options);
	}, MAKING_KEYS_MS);
	beforeEach(() => {
		restartProcess();
		server.clearFaults();
	});
	afterAll(async () => await server.close());
	return () => server;
}

/** The credential of its merchant, as somebody would fill it in who has the PEM files and WeChat Pay's public key. */
export const payV3CredentialsFor = (
	{ url, mchId, apiV3Key, client, authority, publicKey }: PayV3Server,
	changes: Record<string, string | boolean> = {},
): Credentials =>
	new Credentials(
		{
			mchId,
			apiKey: '',
			apiV3Key,
			publicKeyId: publicKey.id,
			publicKey: publicKey.pem,
			files: 'pem',
			certificate: client.cert,
			privateKey: client.key,
			baseUrl: url,
			caCertificate: authority.ca,
			proxyUrl: '',
			otherHosts: false,
			...changes,
		},
		'wechatPayApi',
	);

/** What nobody may ever see. */
export const payV3SecretsOf = ({ apiV3Key, client }: PayV3Server): string[] => [
	apiV3Key,
	// The lines of a key look different in JSON.
	...client.key.split('\n').filter((line) => line.length === 64),
];

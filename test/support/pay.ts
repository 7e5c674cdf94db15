import { pkcs12Of } from '../simulator/pay/certificates';
import { startPay, type PayOptions, type PayServer } from '../simulator/pay';
import { Credentials } from './credentials';
import { restartProcess } from './services';

/** Keys take a second to make, and more when other tests run beside. */
export const MAKING_KEYS_MS = 60_000;

/** A WeChat Pay for one test file. */
export function usePay(options: Partial<PayOptions> = {}): () => PayServer {
	let server: PayServer;
	beforeAll(async () => {
		server = await startPay(options);
	}, MAKING_KEYS_MS);
	beforeEach(() => {
		restartProcess();
		server.clearFaults();
	});
	afterAll(async () => await server.close());
	return () => server;
}

/** The credential of its merchant, as somebody would fill it in who has the PEM files. */
export const payCredentialsFor = (
	{ url, mchId, apiKey, client, authority }: PayServer,
	changes: Record<string, string> = {},
): Credentials =>
	new Credentials(
		{
			mchId,
			apiKey,
			files: 'pem',
			certificate: client.cert,
			privateKey: client.key,
			baseUrl: url,
			caCertificate: authority.ca,
			proxyUrl: '',
			...changes,
		},
		'wechatPayApi',
	);

/** The same for somebody who has apiclient_cert.p12. */
export const pkcs12CredentialsFor = (server: PayServer, changes: Record<string, string> = {}) =>
	payCredentialsFor(server, {
		files: 'pkcs12',
		pkcs12: pkcs12Of(server.client, server.mchId),
		passphrase: '',
		...changes,
	});

/** What nobody may ever see. */
export const secretsOf = ({ apiKey, client }: PayServer): string[] => [
	apiKey,
	// The lines of a key look different in JSON.
	...client.key.split('\n').filter((line) => line.length === 64),
	...client.cert.split('\n').filter((line) => line.length === 64),
];

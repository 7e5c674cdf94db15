import type { Simulator } from '../../simulator';

export const CREDENTIAL_TYPE = 'wechatOfficialAccountApi';

/** What a person would fill in to use the simulator's account. */
export function credentialFor(simulator: Simulator): Record<string, unknown> {
	const { appId, secret, token, encodingAESKey } = simulator.account;
	return {
		appId,
		appSecret: secret,
		token,
		encodingAesKey: encodingAESKey,
		previousEncodingAesKey: '',
		encryptionMode: 'safe',
		baseUrl: simulator.url,
		proxyUrl: '',
	};
}

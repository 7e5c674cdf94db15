import type { Secrets } from '../../nodes/push/open';
import { DEFAULT_ACCOUNT as account } from '../simulator';

/** What the simulator's account seals its pushes with. */
export const secrets: Secrets = {
	appId: account.appId,
	token: account.token,
	encodingAesKey: account.encodingAESKey,
	mode: 'safe',
};

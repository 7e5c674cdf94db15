import type { PushSecrets } from '../../nodes/push/openPush';
import { DEFAULT_ACCOUNT as account } from '../simulator';

/** What the simulator's account seals its pushes with. */
export const secrets: PushSecrets = {
	appId: account.appId,
	token: account.token,
	encodingAesKey: account.encodingAESKey,
	mode: 'safe',
};

import type { Behaviour, OpenBehaviour } from './behaviour';
import { customBehaviours } from './custom';
import { mediaBehaviours } from './media';
import { openQrcodeBehaviours, qrcodeBehaviours } from './qrcode';
import { shortenBehaviours } from './shorten';
import { tagBehaviours } from './tags';
import { tokenBehaviours } from './tokens';
import { userBehaviours } from './users';

/** By the id of the endpoint. An endpoint without one answers its sample, or HTTP 501. */
export const behaviours: Record<string, Behaviour> = {
	...customBehaviours,
	...mediaBehaviours,
	...qrcodeBehaviours,
	...shortenBehaviours,
	...tagBehaviours,
	...userBehaviours,
};

export const openBehaviours: Record<string, OpenBehaviour> = {
	...openQrcodeBehaviours,
	...tokenBehaviours,
};

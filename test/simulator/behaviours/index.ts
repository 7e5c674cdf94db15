import { authorizerBehaviours } from './authorizers';
import type { Behaviour, OpenBehaviour } from './behaviour';
import { commentBehaviours } from './comments';
import { componentBehaviours } from './component';
import { customBehaviours } from './custom';
import { draftBehaviours } from './drafts';
import { materialBehaviours } from './materials';
import { mediaBehaviours } from './media';
import { oauthBehaviours } from './oauth';
import { openAccountBehaviours } from './openAccount';
import { componentOptionBehaviours, optionBehaviours } from './options';
import { publicationBehaviours } from './publications';
import { openQrcodeBehaviours, qrcodeBehaviours } from './qrcode';
import { openQuotaBehaviours, quotaBehaviours } from './quota';
import { accountRegistrationBehaviours, registrationBehaviours } from './registration';
import { shortenBehaviours } from './shorten';
import { tagBehaviours } from './tags';
import { tokenBehaviours } from './tokens';
import { userBehaviours } from './users';

/** By the id of the endpoint. An endpoint without one answers its sample, or HTTP 501. */
export const behaviours: Record<string, Behaviour> = {
	...accountRegistrationBehaviours,
	...commentBehaviours,
	...customBehaviours,
	...draftBehaviours,
	...materialBehaviours,
	...mediaBehaviours,
	...openAccountBehaviours,
	...optionBehaviours,
	...publicationBehaviours,
	...qrcodeBehaviours,
	...quotaBehaviours,
	...shortenBehaviours,
	...tagBehaviours,
	...userBehaviours,
};

export const openBehaviours: Record<string, OpenBehaviour> = {
	...authorizerBehaviours,
	...componentBehaviours,
	...componentOptionBehaviours,
	...oauthBehaviours,
	...openQrcodeBehaviours,
	...openQuotaBehaviours,
	...registrationBehaviours,
	...tokenBehaviours,
};

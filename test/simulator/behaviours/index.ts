import { agentBehaviours } from './agents';
import { authorizerBehaviours } from './authorizers';
import type { Behaviour, OpenBehaviour } from './behaviour';
import { commentBehaviours } from './comments';
import { componentBehaviours } from './component';
import { customBehaviours } from './custom';
import { datacubeBehaviours } from './datacube';
import { diagnosticsBehaviours } from './diagnostics';
import { draftBehaviours } from './drafts';
import { groupBehaviours } from './groups';
import { massBehaviours } from './mass';
import { materialBehaviours } from './materials';
import { mediaBehaviours } from './media';
import { menuBehaviours } from './menus';
import { miniProgramBehaviours } from './miniProgram';
import { oauthBehaviours, sessionBehaviours } from './oauth';
import { openAccountBehaviours } from './openAccount';
import { componentOptionBehaviours, optionBehaviours } from './options';
import { publicationBehaviours } from './publications';
import { openQrcodeBehaviours, qrcodeBehaviours } from './qrcode';
import { openQuotaBehaviours, quotaBehaviours } from './quota';
import { accountRegistrationBehaviours, registrationBehaviours } from './registration';
import { shortenBehaviours } from './shorten';
import { soterBehaviours } from './soter';
import { tagBehaviours } from './tags';
import { templateBehaviours } from './templates';
import { tokenBehaviours } from './tokens';
import { userBehaviours } from './users';

/** By the id of the endpoint. An endpoint without one answers its sample, or HTTP 501. */
export const behaviours: Record<string, Behaviour> = {
	...accountRegistrationBehaviours,
	...agentBehaviours,
	...commentBehaviours,
	...customBehaviours,
	...datacubeBehaviours,
	...diagnosticsBehaviours,
	...draftBehaviours,
	...groupBehaviours,
	...massBehaviours,
	...materialBehaviours,
	...mediaBehaviours,
	...menuBehaviours,
	...miniProgramBehaviours,
	...openAccountBehaviours,
	...optionBehaviours,
	...publicationBehaviours,
	...qrcodeBehaviours,
	...quotaBehaviours,
	...sessionBehaviours,
	...shortenBehaviours,
	...soterBehaviours,
	...tagBehaviours,
	...templateBehaviours,
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

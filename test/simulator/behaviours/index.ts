import { agentBehaviours } from './agents';
import { auditBehaviours } from './audits';
import { authorizerBehaviours } from './authorizers';
import type { Behaviour, OpenBehaviour } from './behaviour';
import { codeBehaviours, templateLibraryBehaviours } from './code';
import { commentBehaviours } from './comments';
import { componentBehaviours } from './component';
import { customBehaviours } from './custom';
import { datacubeBehaviours } from './datacube';
import { diagnosticsBehaviours } from './diagnostics';
import { domainBehaviours, platformDomainBehaviours } from './domains';
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
import { releaseBehaviours } from './releases';
import { shortenBehaviours } from './shorten';
import { soterBehaviours } from './soter';
import { tagBehaviours } from './tags';
import { templateBehaviours } from './templates';
import { testerBehaviours } from './testers';
import { tokenBehaviours } from './tokens';
import { userBehaviours } from './users';

/** By the id of the endpoint. An endpoint without one answers its sample, or HTTP 501. */
export const behaviours: Record<string, Behaviour> = {
	...accountRegistrationBehaviours,
	...agentBehaviours,
	...auditBehaviours,
	...codeBehaviours,
	...commentBehaviours,
	...customBehaviours,
	...datacubeBehaviours,
	...diagnosticsBehaviours,
	...domainBehaviours,
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
	...releaseBehaviours,
	...sessionBehaviours,
	...shortenBehaviours,
	...soterBehaviours,
	...tagBehaviours,
	...templateBehaviours,
	...testerBehaviours,
	...userBehaviours,
};

export const openBehaviours: Record<string, OpenBehaviour> = {
	...authorizerBehaviours,
	...componentBehaviours,
	...componentOptionBehaviours,
	...oauthBehaviours,
	...openQrcodeBehaviours,
	...openQuotaBehaviours,
	...platformDomainBehaviours,
	...registrationBehaviours,
	...templateLibraryBehaviours,
	...tokenBehaviours,
};

import { agentBehaviors } from './agents';
import { articleBehaviors } from './articles';
import { auditBehaviors } from './audits';
import { authorizerBehaviors } from './authorizers';
import type { Behavior, OpenBehavior } from './behavior';
import { codeBehaviors, templateLibraryBehaviors } from './code';
import { commentBehaviors } from './comments';
import { componentBehaviors } from './component';
import { customBehaviors } from './custom';
import { datacubeBehaviors } from './datacube';
import { diagnosticsBehaviors } from './diagnostics';
import { domainBehaviors, platformDomainBehaviors } from './domains';
import { draftBehaviors } from './drafts';
import { filingBehaviors } from './filing';
import { groupBehaviors } from './groups';
import { massBehaviors } from './mass';
import { materialBehaviors } from './materials';
import { mediaBehaviors } from './media';
import { menuBehaviors } from './menus';
import { miniProgramBehaviors } from './miniProgram';
import { oauthBehaviors, sessionBehaviors } from './oauth';
import { openAccountBehaviors } from './openAccount';
import { componentOptionBehaviors, optionBehaviors } from './options';
import { pluginBehaviors } from './plugins';
import { publicationBehaviors } from './publications';
import { openQrcodeBehaviors, qrcodeBehaviors } from './qrcode';
import { openQuotaBehaviors, quotaBehaviors } from './quota';
import { accountRegistrationBehaviors, registrationBehaviors } from './registration';
import { releaseBehaviors } from './releases';
import { shopBehaviors } from './shop';
import { shortenBehaviors } from './shorten';
import { soterBehaviors } from './soter';
import { tagBehaviors } from './tags';
import { templateBehaviors } from './templates';
import { testerBehaviors } from './testers';
import { tokenBehaviors } from './tokens';
import { userBehaviors } from './users';
import { verificationBehaviors } from './verifications';

/** By the id of the endpoint. An endpoint without one answers its sample, or HTTP 501. */
export const behaviors: Record<string, Behavior> = {
	...accountRegistrationBehaviors,
	...agentBehaviors,
	...auditBehaviors,
	...codeBehaviors,
	...commentBehaviors,
	...customBehaviors,
	...datacubeBehaviors,
	...diagnosticsBehaviors,
	...domainBehaviors,
	...draftBehaviors,
	...filingBehaviors,
	...groupBehaviors,
	...massBehaviors,
	...materialBehaviors,
	...mediaBehaviors,
	...menuBehaviors,
	...miniProgramBehaviors,
	...openAccountBehaviors,
	...optionBehaviors,
	...pluginBehaviors,
	...publicationBehaviors,
	...qrcodeBehaviors,
	...quotaBehaviors,
	...releaseBehaviors,
	...sessionBehaviors,
	...shopBehaviors,
	...shortenBehaviors,
	...soterBehaviors,
	...tagBehaviors,
	...templateBehaviors,
	...testerBehaviors,
	...userBehaviors,
	...verificationBehaviors,
};

export const openBehaviors: Record<string, OpenBehavior> = {
	...articleBehaviors,
	...authorizerBehaviors,
	...componentBehaviors,
	...componentOptionBehaviors,
	...oauthBehaviors,
	...openQrcodeBehaviors,
	...openQuotaBehaviors,
	...platformDomainBehaviors,
	...registrationBehaviors,
	...templateLibraryBehaviors,
	...tokenBehaviors,
};

import type { PlatformClient } from '../../api/platformClient';
import { account as anyAccount } from '../../n8n/credentials';
import { defineLocal, defineRequestFor, type Field } from '../../engine/define';

export const definePlatformRequest = defineRequestFor<PlatformClient>();
export const definePlatformLocal = defineLocal<PlatformClient>();

/** The account of calls that the platform makes for itself: they name the account in the body. */
export const account = { ...anyAccount, wire: 'authorizer_appid' } as const satisfies Field;

/** The account that the platform acts for: the token alone names it. */
export const actingFor = { ...anyAccount, wire: false } as const satisfies Field;

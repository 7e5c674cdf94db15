import type { PlatformClient } from '../../api/platformClient';
import { account as anyAccount } from '../../n8n/credentials';
import { defineLocal, defineRequestFor, type Field } from '../../engine/define';

export const definePlatformRequest = defineRequestFor<PlatformClient>();
export const definePlatformLocal = defineLocal<PlatformClient>();

/** Calls of the platform name the account in their body; calls on behalf of it do so by their token. */
export const account = { ...anyAccount, wire: 'authorizer_appid' } as const satisfies Field;

/** The account of calls that name it by their token only. */
export const actingFor = { ...anyAccount, wire: false } as const satisfies Field;

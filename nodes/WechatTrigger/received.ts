import type {
	IBinaryKeyData,
	IDataObject,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import type { Push, PushSecrets } from '../push/openPush';
import type { Services } from '../api/services';
import { shownOf } from './authorization';
import type { Deliveries } from './deliveries';
import { isWanted, type Filter } from './filter';
import type { Response } from './respond';

/** Nothing starts; the response is already written. */
export const DONE: IWebhookResponseData = { noWebhookResponse: true };

/** Where a push arrived. */
export interface Arrival {
	secrets: PushSecrets;
	/** Whether it came for a third-party platform. */
	platform: boolean;
	/** The account that it came for; empty at the address where WeChat tells the platform about itself. */
	accountAppId: string;
	/** Of the credential that says so. */
	credentialId: string;
	response: Response;
	services: Services;
}

/** The first delivery of a push. */
export interface Received extends Arrival {
	push: Push;
	kind: string;
	dedupeKey: string;
	/** Names the push and the node in this process. */
	key: string;
	known: Deliveries;
	/** When it came, in milliseconds. */
	at: number;
}

export interface PushOptions extends Omit<Filter, 'kinds'> {
	downloadMedia?: boolean;
	releaseTest?: boolean;
	typing?: boolean;
}

export const optionsOf = (context: IWebhookFunctions) =>
	context.getNodeParameter('pushOptions', {}) as PushOptions;

/** Whether the workflow asked for it. */
export function isStarter(
	context: IWebhookFunctions,
	{ push, kind, accountAppId }: Received,
): boolean {
	const kinds = context.getNodeParameter('kinds', []) as string[];
	return isWanted(push.message, { kind, accountAppId }, { kinds, ...optionsOf(context) });
}

/** What the workflow starts with: WeChat's own keys, and what a builder needs beside them. */
export function itemOf(
	{ push, kind, accountAppId, dedupeKey, secrets: { appId } }: Received,
	more: IDataObject,
	binary?: IBinaryKeyData,
): IWebhookResponseData['workflowData'] {
	const shown = shownOf(kind, push.message) as IDataObject;
	const json = { ...shown, ...more, appId, accountAppId, kind, dedupeKey };
	return [[{ json, binary }]];
}

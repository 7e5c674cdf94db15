import {
	NodeOperationError,
	type IDataObject,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import type { Services } from '../api/services';
import { isPlatform, OFFICIAL_ACCOUNT, OPEN_PLATFORM } from '../n8n/credentials';
import { toNodeError } from '../n8n/nodeError';
import { openPush, verifyUrl } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';
import { bodyOf, type Request } from './body';
import { isWantedKind } from './filter';
import { show } from './pages';
import { receive } from './receive';
import { DONE } from './received';
import { send, type Response } from './respond';
import { withSecrets } from './secrets';
import { accountAuthorized, failedVisit, userSignedIn, type Visit } from './visits';

/**
 * Everything that reaches the trigger's address, by method and by what stands behind it:
 *
 * - POST: a push, for an account, or for the platform itself; with an AppID behind it for an account of
 *   the platform
 * - GET: the console's check of an address, a domain's check file, or a browser that comes back
 */
export async function serve(
	context: IWebhookFunctions,
	services: Services,
): Promise<IWebhookResponseData> {
	const response = context.getResponseObject() as Response;
	const query = context.getQueryData() as Record<string, unknown>;
	const [below = ''] = Object.values(context.getParamsData() as Record<string, string>);
	const platform = isPlatform(context.getNodeParameter('authentication', 'officialAccount'));
	const type = platform ? OPEN_PLATFORM : OFFICIAL_ACCOUNT;
	const isGet = context.getWebhookName() === 'setup';
	try {
		if (isGet && (below === SIGNED_IN || (platform && below === AUTHORIZED)))
			return await visit(context, services, below, query, platform, response);
		if (isGet && below.endsWith('.txt')) return checkFile(context, below, response);
		if (below && !(platform && /^wx\w+$/.test(below)))
			throw new PushRejected(
				403,
				`The address ends in "${below.slice(0, 40)}", where the AppID of an account of a third-party platform belongs. In the WeChat console it must end in $APPID$.`,
			);
		if (isGet) {
			const body = await withSecrets(context, type, (secrets) =>
				verifyUrl(query, secrets, Date.now()),
			);
			send(response, { body, type: 'text/plain' });
			return DONE;
		}
		const delivery = { query, body: await bodyOf(context.getRequestObject() as Request) };
		const { push, secrets } = await withSecrets(context, type, (known) => ({
			push: openPush(delivery, known, Date.now()),
			secrets: known,
		}));
		return await receive(context, push, {
			secrets,
			platform,
			accountAppId: platform ? below : secrets.appId,
			credentialId: context.getNode().credentials?.[type]?.id ?? '',
			response,
			services,
		});
	} catch (error) {
		if (!(error instanceof PushRejected)) throw toNodeError(context.getNode(), error, 0);
		const who = `"${context.getNode().name}" of workflow "${context.getWorkflow().name}"`;
		context.logger.warn(`${who} refused ${isGet ? 'a request' : 'a push'}: ${error.message}`);
		response.statusCode = error.status;
		response.end();
		return DONE;
	}
}

/** What stands behind the address where browsers come back. */
const AUTHORIZED = 'authorized';
const SIGNED_IN = 'signed-in';

async function visit(
	context: IWebhookFunctions,
	services: Services,
	name: string,
	query: Record<string, unknown>,
	platform: boolean,
	response: Response,
): Promise<IWebhookResponseData> {
	const options = context.getNodeParameter('pushOptions', {}) as IDataObject;
	const next = pageIn(context, options, name === AUTHORIZED ? 'authorizedPage' : 'signedInPage');
	let visited: Visit;
	try {
		visited =
			name === AUTHORIZED
				? await accountAuthorized(context, services, query, next)
				: await userSignedIn(context, services, query, next, platform);
	} catch (error) {
		visited = failedVisit(error);
		context.logger.warn(`"${context.getNode().name}" could not serve a browser: ${String(error)}`);
	}
	const { page, item } = visited;
	show(response, page);
	const kinds = context.getNodeParameter('kinds', []) as string[];
	if (!item || !isWantedKind(item.kind, kinds)) return DONE;
	return { noWebhookResponse: true, workflowData: [[{ json: item }]] };
}

/** A page to go on to, as it is configured. */
function pageIn(context: IWebhookFunctions, options: IDataObject, name: string): string {
	const page = String(options[name] ?? '').trim();
	if (page === '' || (URL.canParse(page) && /^https?:$/.test(new URL(page).protocol))) return page;
	throw new NodeOperationError(context.getNode(), `"${page}" is not the address of a page`, {
		description:
			'Page After Authorization and Page After Sign-In begin with https:// or http://. Check the options of this node.',
	});
}

/** WeChat looks for the file below the domain that it checks, and counts the path as part of a domain. */
function checkFile(
	context: IWebhookFunctions,
	name: string,
	response: Response,
): IWebhookResponseData {
	const { checkFiles } = context.getNodeParameter('pushOptions', {}) as {
		checkFiles?: { file?: Array<{ name: string; content: string }> };
	};
	const file = checkFiles?.file?.find((one) => one.name.trim() === name);
	show(
		response,
		file
			? { file: file.content.trim() }
			: { status: 404, title: '404', text: '没有这个文件 There is no such file.' },
	);
	return DONE;
}

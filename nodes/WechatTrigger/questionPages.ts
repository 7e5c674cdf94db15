import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import type { Services } from '../api/services';
import { createSessionSeal } from '../api/sessionSeal';
import { toResume } from '../conversation/question';
import {
	checkForm,
	PAGE_FORM,
	QUESTION_PAGES,
	writeQuestionForm,
	type PageToken,
} from '../conversation/questionPage';
import { createQuestionStore } from '../conversation/questionStore';
import { resumeRun } from '../conversation/resumeRun';
import { openWebhookClient } from '../n8n/clients';
import { toCredentialType } from '../n8n/credentials';
import { sendPage, type Page } from '../n8n/webhookPage';
import type { Response } from '../n8n/webhookResponse';
import { PushRejected } from '../push/pushRejected';
import { DONE } from './receivedPush';
import { readBody, type Request } from './requestBody';
import type { VerifyRequest } from './verifiedRequest';
import { createRefusal } from './verifiedVisitor';

const OVER = createRefusal(
	'已结束 Over',
	'这个问题已经结束，或不是问您的。This question is over, or it is for somebody else.',
	410,
);
const UNANSWERED = createRefusal(
	'未送达 Not arrived',
	'请返回再提交一次。Your answer did not arrive. Go back and send it again.',
	503,
);

/** Finds the question of a page, for the person who has signed in only. */
async function findQuestion(client: AccountClient, { question, openid }: PageToken) {
	const store = createQuestionStore(client.section(QUESTION_PAGES), client.services.clock);
	const open = await store.list({ account: client.appId, openid });
	return { store, asked: open.find(({ id }) => id === question) };
}

/** Shows a question to a person who has just signed in. */
export async function showQuestion(client: AccountClient, token: PageToken): Promise<Page> {
	const { asked } = await findQuestion(client, token);
	if (!asked) return OVER;
	return { title: '请回答 Question', form: writeQuestionForm(asked, client.seal.encrypt(token)) };
}

interface PageServices {
	api: Services;
	verifyRequest: VerifyRequest;
}

/**
 * Reads the form of a page. Its token proves that the question was shown to that person here.
 *
 * @throws {PushRejected} when the form is not one of ours
 */
export async function verifyForm(
	context: IWebhookFunctions,
	{ api, verifyRequest }: PageServices,
	{ isPlatform, response }: { isPlatform: boolean; response: Response },
): Promise<() => Promise<IWebhookResponseData>> {
	const body = await readBody(context.getRequestObject() as Request, response, api.clock);
	const form = new URLSearchParams(body.toString('utf8'));
	const account = isPlatform ? (form.get(PAGE_FORM.account) ?? '') : '';
	const type = toCredentialType(isPlatform);
	const { opened: token } = await verifyRequest(context, type, ({ appId }, appSecret) =>
		openToken(appSecret, account || appId, form.get(PAGE_FORM.token) ?? ''),
	);
	return async () => {
		const client = await openWebhookClient(context, account, api);
		sendPage(response, await answerForm(context, api, client, token, form));
		return DONE;
	};
}

function openToken(appSecret: string, appId: string, sealed: string): PageToken {
	const { question, openid } = createSessionSeal(appSecret, appId).decrypt(sealed) ?? {};
	if (typeof question === 'string' && typeof openid === 'string') return { question, openid };
	throw new PushRejected(403, 'The form was not made here.');
}

async function answerForm(
	context: IWebhookFunctions,
	api: Services,
	client: AccountClient,
	token: PageToken,
	form: URLSearchParams,
): Promise<Page> {
	const { store, asked } = await findQuestion(client, token);
	if (!asked) return OVER;
	const now = api.clock.now();
	const check = checkForm(asked, form, now);
	if (check.kind === 'again') {
		const again = writeQuestionForm(asked, client.seal.encrypt(token), check.step);
		return { title: '请回答 Question', form: again };
	}
	const outcome = check.kind === 'cancelled' ? 'cancelled' : 'answered';
	const { socket } = context.getRequestObject() as Request;
	const resumed = await resumeRun(api, asked, toResume(check.question, outcome, now), socket);
	if (resumed.kind === 'unanswered') return UNANSWERED;
	await store.close(asked);
	if (resumed.kind === 'over') return OVER;
	return {
		status: 200,
		title: check.text || '已收到 Received',
		text: '可以关闭此页面 You can close this page.',
	};
}

import type {
	IBinaryKeyData,
	IDataObject,
	INodeExecutionData,
	IWebhookDescription,
	IWebhookFunctions,
	IWebhookResponseData,
} from 'n8n-workflow';
import { toLogLine } from '../base/logLine';
import type { Message } from '../push/message';
import type { QuestionReceipt, QuestionResponse, QuestionResume } from './question';
import type { QuestionOutput } from './sendQuestion';

/** Where n8n resumes a run that waits; its own, so that there is nothing to set up. */
export const resumeWebhook: IWebhookDescription = {
	name: 'default',
	httpMethod: 'POST',
	responseMode: 'onReceived',
	responseData: '',
	// n8n's resume URLs end with it.
	path: '={{ $nodeId }}',
	restartWebhook: true,
	isFullPath: true,
};

/** Downloads a file of a response. What goes wrong stands in `json`: nothing is thrown. */
type DownloadResponse = (
	media: Message,
	accountAppId: string,
) => Promise<{ json: IDataObject; binary?: IBinaryKeyData }>;

/**
 * Receives what a person has said to the question that the run waits with, and resumes the run. n8n has checked the
 * signature of the address before; the ID of the question shows that it is not one of an earlier turn of a loop.
 *
 * @param tell Says the last text of a question to its person, where the run is to do that.
 */
export async function receiveResponses(
	context: IWebhookFunctions,
	download: DownloadResponse,
	tell?: (text: string, openid: string) => Promise<void>,
): Promise<IWebhookResponseData> {
	const resume = readResume(context.getBodyData());
	const { chatInput: _, ...asked } = readAsked(context);
	const isAccepted = resume !== undefined && resume.question === asked.questionId;
	const receipt: QuestionReceipt = { question: resume?.question ?? '', isAccepted };
	// Without data n8n lets the run wait on.
	if (!isAccepted) return { webhookResponse: receipt };
	const { outcome, responses, respondedAt, text } = resume;
	// What the run says next is to come after it.
	if (text && tell)
		await tell(text, String(asked.openid)).catch((error: Error) => log(context, error));
	const { data, binary } =
		outcome === 'answered'
			? await readData(
					responses,
					async (media) => await download(media, String(asked.accountAppId)),
				)
			: { data: {}, binary: {} };
	const json = { ...asked, outcome, data, respondedAt: new Date(respondedAt).toISOString() };
	const item: INodeExecutionData = { json, pairedItem: { item: 0 } };
	if (Object.keys(binary).length > 0) item.binary = binary;
	return { webhookResponse: receipt, workflowData: [[item]] };
}

const log = (context: IWebhookFunctions, error: Error) =>
	context.logger.warn(toLogLine(`"${context.getNode().name}": ${error.message}`));

/**
 * Reads what the run waits with: the input of the node is the output for no answer meanwhile. Nothing may be thrown here:
 * n8n 2.8.4 and 2.41.1 go on with a run whose webhook throws, and it fails.
 */
function readAsked(context: IWebhookFunctions): Partial<QuestionOutput> {
	try {
		return { ...(context.evaluateExpression('{{ $json }}', 0) as Partial<QuestionOutput>) };
	} catch {
		return {};
	}
}

function readResume(body: IDataObject): QuestionResume | undefined {
	const { question, outcome, responses, text } = body;
	const respondedAt = new Date(body.respondedAt as number).getTime();
	const isWhole =
		typeof question === 'string' &&
		question !== '' &&
		(outcome === 'answered' || outcome === 'cancelled') &&
		Array.isArray(responses) &&
		Number.isFinite(respondedAt);
	if (!isWhole) return undefined;
	return {
		question,
		outcome,
		responses: responses as object[] as QuestionResponse[],
		respondedAt,
		...(typeof text === 'string' && { text }),
	};
}

/** The responses by their names; files go into binary fields of these names. */
async function readData(
	responses: QuestionResponse[],
	download: (media: Message) => ReturnType<DownloadResponse>,
): Promise<{ data: IDataObject; binary: IBinaryKeyData }> {
	const data: IDataObject = {};
	const binary: IBinaryKeyData = {};
	for (const { name, value, location, media } of responses) {
		data[name] = value ?? location ?? {};
		if (!media) continue;
		const { json, binary: file } = await download(media);
		data[name] = json;
		if (file) binary[name] = file.data;
	}
	return { data, binary };
}

import { startExternalServer, type ExternalServer } from './externalServer';

/** What a model is sent: what was said so far, and which tools there are. */
export interface ModelRequest {
	messages: Array<{ role: string; content: string | null; tool_calls?: unknown[] }>;
	tools?: Array<{ function: { name: string; parameters: Record<string, unknown> } }>;
}

/** What the model says; an object calls the tool of that name. */
type ModelAnswer = string | { tool: string; input: Record<string, unknown> };

/**
 * A language model and a speech service with OpenAI's interface, on this computer.
 *
 * @see https://platform.openai.com/docs/api-reference/chat/create
 */
export interface AiServices extends ExternalServer {
	/** What the model was sent, oldest first. */
	asked: ModelRequest[];
	/** The forms with the files that the speech service was sent. */
	heard: Buffer[];
}

export async function startAiServices(
	answer: (request: ModelRequest) => ModelAnswer | Promise<ModelAnswer>,
	transcript = '',
): Promise<AiServices> {
	const asked: ModelRequest[] = [];
	const heard: Buffer[] = [];
	const server = await startExternalServer(async ({ path, body }) => {
		if (path === '/v1/audio/transcriptions') {
			heard.push(body as Buffer);
			return { text: transcript };
		}
		if (path !== '/v1/chat/completions') return undefined;
		const request = body as ModelRequest;
		asked.push(request);
		return toCompletion(await answer(request), asked.length);
	});
	return { ...server, asked, heard };
}

function toCompletion(answer: ModelAnswer, number: number) {
	const message =
		typeof answer === 'string'
			? { role: 'assistant', content: answer }
			: {
					role: 'assistant',
					content: null,
					tool_calls: [
						{
							id: `call_${number}`,
							type: 'function',
							function: { name: answer.tool, arguments: JSON.stringify(answer.input) },
						},
					],
				};
	return {
		id: `chatcmpl-${number}`,
		object: 'chat.completion',
		created: 0,
		model: 'test',
		choices: [
			{
				index: 0,
				message,
				finish_reason: typeof answer === 'string' ? 'stop' : 'tool_calls',
			},
		],
		usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
	};
}

/** What the person has said last. */
export const readPrompt = ({ messages }: ModelRequest): string =>
	String(messages.filter(({ role }) => role === 'user').at(-1)?.content);

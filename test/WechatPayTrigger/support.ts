import type { INode, IWebhookResponseData } from 'n8n-workflow';
import { createServices, type Services } from '../../nodes/api/services';
import { WechatPayTrigger } from '../../nodes/WechatPayTrigger/WechatPayTrigger.node';
import { createTestClock, type TestClock } from '../support/clock';
import type { Credentials } from '../support/n8n';
import { callWebhook, fakeResponse, type FakeResponse } from '../support/webhook';

/** What a notification looks like on its way. */
export interface Sent {
	headers: Record<string, string>;
	body: string;
}

/** One delivery, and what became of it. */
export interface Received {
	response: FakeResponse;
	result: IWebhookResponseData;
	/** The items that a run was started with. */
	items: Array<Record<string, unknown>>;
	/** The status and body that WeChat has got; undefined as long as it waits. */
	answer(): [status: number, body: unknown] | undefined;
}

/** A process of n8n with the trigger in it. Its clock shows what WeChat's does. */
export function startTrigger(
	credentials: Credentials,
	clock: TestClock = createTestClock(),
	parts: Partial<Services> = {},
) {
	const type = new WechatPayTrigger(createServices({ clock, ...parts }));
	return {
		clock,
		async receive(
			{ headers, body }: Sent,
			parameters: INode['parameters'] = { events: ['all'] },
			location: { workflowId?: string } = {},
			/** n8n cannot store the run. */
			isBroken = false,
		): Promise<Received> {
			const response = fakeResponse();
			const call = { method: 'POST' as const, query: {}, headers, body };
			const at = { node: 'wechatPayTrigger', type, ...location };
			const { result } = await callWebhook(call, parameters, credentials, response, at);
			const isStored = result.workflowData && parameters.respond !== 'lastNode' && !isBroken;
			if (isStored) endResponse(response, 200);
			return {
				response,
				result,
				items: (result.workflowData ?? []).flat().map(({ json }) => json),
				answer: () =>
					response.headersSent
						? [response.statusCode, response.body ? JSON.parse(response.body) : '']
						: undefined,
			};
		},
	};
}

/** What n8n does when a run is over (webhook-helpers of 2.8.4 and 2.41.1): status 200, or 500 for one that failed. */
export const endRun = ({ response }: Received, status: 200 | 500): void =>
	endResponse(response, status);

/** The same when it answers as soon as a run is stored. */
function endResponse(response: FakeResponse, status: 200 | 500): void {
	response.statusCode = status;
	response.setHeader('content-type', 'application/json');
	response.end(status === 500 ? '{"message":"Error in workflow"}' : undefined);
}

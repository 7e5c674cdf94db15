import type { IWebhookFunctions } from 'n8n-workflow';
import type { Clock } from '../base/clock';
import type { Response } from '../n8n/webhookResponse';

/** A little less than the five seconds that WeChat waits: who hangs up sooner has waited before the node was called. */
const PATIENCE_MS = 4000;

/** Watches a connection of a push that WeChat has signed. */
export type WatchDelivery = (context: IWebhookFunctions, response: Response) => void;

/**
 * Creates what notices that pushes reach the node too late to be answered, and logs once for a process what helps.
 * n8n 2.41 takes a V8 isolate (0.1 s of CPU) for each call of a trigger and one more for each run.
 */
export function createLateWatch(clock: Clock): WatchDelivery {
	let isTold = false;

	function tell(context: IWebhookFunctions): void {
		if (isTold) return;
		isTold = true;
		const who = `"${context.getNode().name}" of workflow "${context.getWorkflow().name}"`;
		context.logger.warn(
			`${who} got a push when WeChat, which waits five seconds, had given it up or nearly so: n8n is too busy. Set N8N_EXPRESSION_ENGINE=legacy for all processes of n8n, and see "Many pushes at a time" in docs/scaling-out.md of this pack.`,
		);
	}

	return (context, response) => {
		if (response.destroyed) return tell(context);
		const since = clock.now();
		response.once('close', () => {
			if (!response.writableFinished && clock.now() - since < PATIENCE_MS) tell(context);
		});
	};
}

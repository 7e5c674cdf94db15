import type { IWebhookFunctions } from 'n8n-workflow';

/** Does what a push can do without, after so many milliseconds: nothing waits for it, and a process may end before it. */
export function later(ms: number, context: IWebhookFunctions, work: () => Promise<void>): void {
	const run = () => void work().catch((error: unknown) => complain(context, error));
	// eslint-disable-next-line @n8n/community-nodes/no-restricted-globals -- there is no other clock
	setTimeout(run, ms).unref();
}

export function complain(context: IWebhookFunctions, error: unknown): void {
	context.logger.warn(
		`"${context.getNode().name}", while it saw to a push: ${(error as Error).message}`,
	);
}

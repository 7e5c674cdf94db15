import { setTimeout as sleep } from 'node:timers/promises';
import type { TestEnvironment } from '../testEnvironment';
import { toFormUrl, type Workflow } from '../workflows/workflow';

/** What is entered in a field, or the files that are chosen there. */
type FormValue = string | File[];

/** What a browser sends when somebody fills in the form of a workflow; answers what n8n says. */
export async function submitForm(
	{ n8n }: Pick<TestEnvironment, 'n8n'>,
	workflow: Workflow,
	values: FormValue[],
): Promise<Record<string, unknown>> {
	const form = new FormData();
	for (const [index, value] of values.entries())
		for (const part of [value].flat()) form.append(`field-${index}`, part);
	const answer = await fetch(toFormUrl(n8n.url, workflow), { method: 'POST', body: form });
	const text = await answer.text();
	if (!answer.ok) throw new Error(`The form was refused: ${answer.status} ${text}`);
	return JSON.parse(text) as Record<string, unknown>;
}

/** The same with a form that has an ending: waits for that, as the page does, and answers its HTML. */
export async function submitFormToEnd(
	environment: Pick<TestEnvironment, 'n8n'>,
	workflow: Workflow,
	values: FormValue[],
): Promise<string> {
	const { formWaitingUrl } = await submitForm(environment, workflow, values);
	const ending = new URL(String(formWaitingUrl));
	await waitForForm(ending);
	const page = await (await fetch(ending)).text();
	// The script of the page ends the run.
	await fetch(ending, { method: 'POST' });
	return page;
}

/**
 * Comes back when a run waits for its form, as n8n's page does. Before, n8n 2.8.4 and 2.41.1 answer nothing to a request
 * for the form, and do not end it either.
 */
export async function waitForForm(form: URL): Promise<void> {
	const status = new URL(`${form.pathname}/n8n-execution-status${form.search}`, form);
	const giveUpAt = Date.now() + 15_000;
	while ((await (await fetch(status)).text()) !== 'form-waiting') {
		if (Date.now() > giveUpAt) throw new Error('The run does not wait for its form.');
		await sleep(100);
	}
}

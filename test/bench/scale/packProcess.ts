import '../../support/env';
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INode } from 'n8n-workflow';
import { logged, runNode, setN8nServices } from '../../support/n8n';
import { serveTrigger } from '../../support/webhook';
import { FileCredentials } from './sharedFile';

/*
 * A process with the nodes of the pack in n8n's engine, but without n8n's editor, database and queue, so that it starts
 * in seconds and takes ten thousand pushes in a minute. processes.ts starts it as `n8n webhook`.
 */

export interface PackProcessSettings {
	/** Of the credential, which all processes share. */
	file: string;
	type: string;
	/** Of WeChat Trigger. */
	parameters: INode['parameters'];
	/** Each run writes a line into it before it does anything else: what was sent, or the type of the event. */
	runsFile: string;
	/** How long a run takes, in milliseconds. */
	runMs: number;
	/** What a node does again and again, side by side. */
	busy?: { parameters: INode['parameters']; sideBySide: number };
}

/** What a process says to the one that has started it. */
export type PackProcessNews = { url: string } | { failed: string } | { done: number[] };

const say = (news: PackProcessNews) => void process.send?.(news);

async function main({ file, type, parameters, runsFile, runMs, busy }: PackProcessSettings) {
	setN8nServices();
	const credentials = new FileCredentials(file, type);
	const served = await serveTrigger(parameters, credentials);
	served.onItem = async (item: IDataObject) => {
		const { Content, kind } = item;
		appendFileSync(runsFile, `${String(Content ?? kind)}\n`);
		await sleep(runMs);
		return { MsgType: 'text', Content: String(Content) };
	};
	say({ url: served.url });
	if (!busy) return;
	const done = Array.from({ length: busy.sideBySide }, () => 0);
	setInterval(() => say({ done }), 50);
	for (let each = 0; each < busy.sideBySide; each++)
		void (async () => {
			for (;;) {
				const { error } = await runNode('wechat', busy.parameters, credentials);
				if (error) say({ failed: `${error.message} ${error.description ?? ''}` });
				else done[each]++;
				logged.length = 0;
			}
		})();
}

// The bench is gone.
process.once('disconnect', () => process.exit());
void main(JSON.parse(process.argv[3]) as PackProcessSettings).catch((error: unknown) => {
	say({ failed: String(error) });
	process.exit(1);
});

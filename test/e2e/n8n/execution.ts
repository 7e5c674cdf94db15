type Json = Record<string, unknown>;

interface NodeRun {
	executionTime: number;
	executionStatus?: string;
	data?: { main: Array<Array<{ json: Json; binary?: Json }> | null> };
	error?: { message: string; description?: string };
}

/** An execution as n8n's public API describes it. */
export interface Execution {
	id: string;
	status: string;
	mode: string;
	finished: boolean;
	startedAt: string;
	stoppedAt: string | null;
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			lastNodeExecuted?: string;
			error?: { message: string; description?: string };
		};
	};
}

/** What a node put out on its first output. */
export function listItems(execution: Execution, nodeName: string, run = 0): Json[] {
	const outputs = execution.data.resultData.runData[nodeName]?.[run]?.data?.main;
	return (outputs?.[0] ?? []).map((item) => item.json);
}

/** The error of an execution or of one of its nodes, in a line. */
export function findError(execution: Execution): string | undefined {
	const { error, runData } = execution.data.resultData;
	const first =
		error ??
		Object.values(runData)
			.flat()
			.find((run) => run.error)?.error;
	return first && [first.message, first.description].filter(Boolean).join(': ');
}

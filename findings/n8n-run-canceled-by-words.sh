#!/usr/bin/env bash
# n8n's engine records a run as stopped by a person when the message of its error holds the word "canceled".
#
# Expected before it was run: a node that throws makes a run with the status "error", whatever it says.
# Seen: an ordinary Error whose message holds "canceled" makes a run with the status "canceled"; with "cancelled" it is
# "error". WeChat's own words for errcode 45015 are "response out of time limit or subscription is canceled". On n8n servers
# 2.8.4 and 2.41.1 such runs are listed as canceled.
#
# Needs Node.js 20 and the npm registry; takes a minute or two. Exits with 1 when n8n-core behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 600 npm install --silent --no-audit --no-fund --ignore-scripts \
	n8n-core@2.8.1 n8n-workflow@2.8.0 reflect-metadata@0.2.2
export N8N_USER_FOLDER="$folder"

cat > look.js <<'SCRIPT'
require('reflect-metadata');
const { ExecutionLifecycleHooks, WorkflowExecute } = require('n8n-core');
const { Workflow } = require('n8n-workflow');

const createType = (execute) => ({ description: { version: 1, properties: [], outputs: ['main'] }, execute });

async function run(words) {
	const type = createType(async () => {
		throw new Error(words);
	});
	const nodeTypes = { getByName: () => type, getByNameAndVersion: () => type, getKnownTypes: () => ({}) };
	const node = { id: 'a', name: 'A', type: 'a', typeVersion: 1, position: [0, 0], parameters: {} };
	const workflow = new Workflow({ id: 'w', nodes: [node], connections: {}, active: false, nodeTypes });
	const hooks = new ExecutionLifecycleHooks('manual', '1', { id: 'w' });
	const engine = new WorkflowExecute({ hooks, executionTimeoutTimestamp: undefined }, 'manual', {
		version: 1,
		startData: {},
		resultData: { runData: {} },
		executionData: {
			contextData: {},
			nodeExecutionStack: [{ node, data: { main: [[{ json: {} }]] }, source: null }],
			metadata: {},
			waitingExecution: {},
			waitingExecutionSource: {},
		},
	});
	return (await engine.processRunExecutionData(workflow)).status;
}

(async () => {
	const expected = {
		'the order is closed': 'error',
		'response out of time limit or subscription is canceled': 'canceled',
		'response out of time limit or subscription is cancelled': 'error',
	};
	let isSame = true;
	for (const [words, status] of Object.entries(expected)) {
		const seen = await run(words);
		console.log(`"${words}": ${seen}`);
		isSame &&= seen === status;
	}
	console.log(isSame ? 'as expected of n8n-core 2.8.1' : 'changed');
	process.exit(isSame ? 0 : 1);
})();
SCRIPT
node look.js

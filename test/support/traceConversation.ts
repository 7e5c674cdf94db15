import './env';
import 'reflect-metadata';
import { Session, type Profiler } from 'node:inspector/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Container } from '@n8n/di';
import { Logger } from '@n8n/backend-common';
import type { IDataObject, IWebhookResponseData } from 'n8n-workflow';
import { buildPush, DEFAULT_ACCOUNT as account, unseal } from '../simulator';
import { Credentials } from './credentials';
import { PACK, runWorkflow } from './n8n';
import { callWebhook } from './webhook';

/**
 * `npm run trace`: which functions of nodes/ run for one conversation, text in and text out. That is how much code a
 * reader has to follow, so the fewer files the better. `-- --list` names the functions.
 *
 * What counts: functions that V8 called at least once (precise coverage) in a process that has answered nothing yet.
 * What does not: the top level of a module and what it calls while it loads, and functions that are only passed on.
 * It runs what TypeScript makes of the sources, not what tsx makes of them, which adds functions of its own.
 */

const nodes = join(__dirname, '../../nodes');

/** Functions that ran, by file. */
type Trace = Map<string, Set<string>>;

const session = new Session();

/** What ran since it was called last. */
async function takeTrace(): Promise<Trace> {
	const { result } = await session.post('Profiler.takePreciseCoverage');
	const trace: Trace = new Map();
	for (const { url, functions } of result) {
		if (!url.startsWith('file:') || !fileURLToPath(url).startsWith(`${nodes}/`)) continue;
		const ran = functions.filter(isCalled).map(toLabel);
		if (ran.length > 0) trace.set(relative(nodes, fileURLToPath(url)), new Set(ran));
	}
	return trace;
}

/** The function that holds the whole module begins where the file does. */
const isCalled = ({ ranges: [whole] }: Profiler.FunctionCoverage) =>
	whole.count > 0 && whole.startOffset > 0;

const toLabel = ({ functionName, ranges: [whole] }: Profiler.FunctionCoverage) =>
	`${functionName || '(anonymous)'}@${whole.startOffset}`;

function unite(traces: Trace[]): Trace {
	const union: Trace = new Map();
	for (const trace of traces)
		for (const [file, ran] of trace) union.set(file, new Set([...(union.get(file) ?? []), ...ran]));
	return union;
}

function report(name: string, trace: Trace): void {
	const functions = [...trace.values()].reduce((sum, { size }) => sum + size, 0);
	console.log(
		`${name.padEnd(46)}${String(trace.size).padStart(8)}${String(functions).padStart(12)}`,
	);
}

function list(trace: Trace): void {
	for (const [file, ran] of [...trace].sort(([a], [b]) => a.localeCompare(b)))
		console.log(`\n${file}\n    ${[...ran].map((label) => label.split('@')[0]).join(', ')}`);
}

/** A process of n8n that has a trigger and listens. */
async function startServer(answer: (response: ServerResponse, body: Buffer) => Promise<void>) {
	const server = createServer((request, response) => {
		const chunks: Buffer[] = [];
		request.on('data', (chunk: Buffer) => chunks.push(chunk));
		request.on('end', () => void answer(response, Buffer.concat(chunks)));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

const credentials = new Credentials({
	appId: account.appId,
	appSecret: account.secret,
	token: account.token,
	encodingAesKey: account.encodingAESKey,
	previousEncodingAesKey: '',
	encryptionMode: 'safe',
	baseUrl: '',
	proxyUrl: '',
});

/** Runs WeChat Reply with what the trigger emitted; returns what it handed to n8n for the open connection. */
async function runReply(item: IDataObject) {
	const node = (name: string, type: string, parameters = {}) => ({
		id: name,
		name,
		type: `${PACK}.${type}`,
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters,
		credentials: credentials.references,
	});
	const parameters = { resource: 'reply', operation: 'send', type: 'Text', content: 'hi' };
	const { responses, error } = await runWorkflow(
		{
			nodes: [
				node('WeChat Trigger', 'wechatTrigger'),
				node('WeChat Reply', 'wechatReply', parameters),
			],
			connections: {
				'WeChat Trigger': { main: [[{ node: 'WeChat Reply', type: 'main', index: 0 }]] },
			},
		},
		credentials,
		[{ json: item }],
	);
	if (error) throw error;
	const [response] = responses as Array<{ body: Buffer; headers: Record<string, string> }>;
	return response;
}

/** Sends one text to the trigger, answers it by WeChat Reply, and takes a trace after each part. */
async function converse(): Promise<Trace[]> {
	const traces: Trace[] = [];
	const { query, body } = buildPush(account, {
		FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
		MsgType: 'text',
		Content: 'hello',
		MsgId: '24990011223344',
	});
	const server = await startServer(async (response, pushed) => {
		await takeTrace();
		const { result } = await callWebhook(
			{ method: 'POST', query, body: pushed },
			{ kinds: ['all'], respond: 'responseNode' },
			credentials,
			response,
		);
		traces.push(await takeTrace());
		const reply = await runReply(toItem(result));
		traces.push(await takeTrace());
		// As n8n ends the response with what the run gave it.
		for (const [name, value] of Object.entries(reply.headers)) response.setHeader(name, value);
		response.end(reply.body);
		traces.push(await takeTrace());
	});
	const answer = await (await fetch(server.url, { method: 'POST', body })).text();
	server.close();
	if (toContent(answer) !== 'hi') throw new Error(`This is no answer: ${answer}`);
	return traces;
}

function toItem({ workflowData }: IWebhookResponseData): IDataObject {
	const [[item] = []] = workflowData ?? [];
	if (!item) throw new Error('The push started no run.');
	return item.json;
}

/** What the user sees. */
function toContent(answer: string): string | undefined {
	const [, encrypted] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(answer) ?? [];
	if (encrypted === undefined) return answer;
	const { message } = unseal(account.encodingAESKey, encrypted);
	return /<Content><!\[CDATA\[(.*?)\]\]>/.exec(message)?.[1];
}

async function run(): Promise<void> {
	const logger = { debug() {}, info() {}, warn() {}, error() {}, scoped: () => logger };
	Container.set(Logger, logger as never);
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
	const parts = await converse();
	const [receive, reply, end] = parts;
	const union = unite(parts);
	console.log(`${'One conversation'.padEnd(46)}${'files'.padStart(8)}${'functions'.padStart(12)}`);
	report('encrypted text in, item out', receive);
	report('WeChat Reply runs', reply);
	report('n8n ends the response: bytes on the socket', end);
	report('all of it', union);
	if (process.argv.includes('--list')) list(union);
	process.exit();
}

void run();

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { jsonAnswer, type ApiAnswer, type ApiRequest } from './api';
import { CallLog } from './callLog';
import type { Fault, SimulatorOptions } from '../types';

/** The HTTP side: reads a call, applies latency and faults, and keeps the log. */
export class ApiServer {
	readonly log = new CallLog();
	connections = 0;
	private faults: (Fault & { left: number })[] = [];
	private readonly server: Server;
	private isClosed = false;

	constructor(
		private readonly answer: (request: ApiRequest) => ApiAnswer,
		private readonly options: Pick<SimulatorOptions, 'latencyMs' | 'later'>,
	) {
		this.server = createServer((request, response) => {
			this.serve(request, response).catch((error: Error) => {
				if (!response.headersSent) response.writeHead(500);
				response.end(`The simulator failed: ${error.stack}`);
			});
		});
		this.server.on('connection', () => this.connections++);
	}

	listen(port: number): Promise<string> {
		return new Promise((resolve, reject) => {
			this.server.once('error', reject);
			this.server.listen(port, '127.0.0.1', () => {
				this.server.off('error', reject);
				const address = this.server.address();
				const actual = typeof address === 'object' && address ? address.port : port;
				resolve(`http://127.0.0.1:${actual}`);
			});
		});
	}

	close(): Promise<void> {
		this.isClosed = true;
		return new Promise((resolve) => {
			this.server.close(() => resolve());
			this.server.closeAllConnections();
		});
	}

	addFault(fault: Fault): void {
		this.faults.push({ ...fault, left: fault.times ?? 1 });
	}

	clearFaults(): void {
		this.faults = [];
	}

	private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const request = await read(incoming);
		this.log.count(request.path);
		const fault = this.takeFault(request.path) ?? { path: request.path };
		const waitMs = this.options.latencyMs + (fault.delayMs ?? 0);
		if (waitMs > 0) await this.sleep(waitMs);
		await fault.until;

		const isLost = fault.drop === true || fault.downMs !== undefined;
		const replacement = faultAnswer(fault);
		const isReal = fault.work === true || !(isLost || replacement);
		const real = isReal ? this.answer(request) : undefined;
		const answer = isLost ? undefined : (replacement ?? withHeaders(real, fault));
		this.log.add(request, fault.cut || !isAnswer(fault) ? undefined : answer);
		if (answer) send(response, answer, fault.cut === true);
		else response.destroy();
		if (fault.downMs !== undefined) await this.goDown(fault.downMs);
	}

	private async sleep(ms: number): Promise<void> {
		await new Promise<void>((resolve) => void this.options.later(ms, resolve));
	}

	private takeFault(path: string): Fault | undefined {
		const fault = this.faults.find((item) => item.path === path);
		if (fault && --fault.left <= 0) this.faults = this.faults.filter((item) => item !== fault);
		return fault;
	}

	private async goDown(ms: number): Promise<void> {
		const address = this.server.address();
		if (typeof address !== 'object' || !address) return;
		this.server.close();
		this.server.closeAllConnections();
		for (let isUp = false; !isUp;) {
			await this.sleep(ms);
			if (this.isClosed) return;
			// Somebody else's connection may have taken the port for a moment.
			isUp = await this.listen(address.port).then(
				() => true,
				() => false,
			);
		}
	}
}

async function read(incoming: IncomingMessage): Promise<ApiRequest> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(chunk as Buffer);
	const url = new URL(incoming.url ?? '/', 'http://simulator');
	return {
		method: incoming.method ?? 'GET',
		path: url.pathname,
		query: url.searchParams,
		headers: incoming.headers,
		body: Buffer.concat(chunks),
		ip: (incoming.socket.remoteAddress ?? '').replace('::ffff:', ''),
	};
}

function faultAnswer(fault: Fault): ApiAnswer | undefined {
	if (!fault.answer && isAnswer(fault)) return undefined;
	const answer = jsonAnswer(fault.answer ?? {});
	return {
		...answer,
		status: fault.status ?? 200,
		headers: { ...answer.headers, ...fault.headers },
		content: fault.answer ? answer.content : Buffer.from(fault.body ?? ''),
	};
}

/** Whether it leaves something that a client can read. */
const isAnswer = ({ answer, status, body }: Fault) =>
	answer !== undefined || (status === undefined && body === undefined);

const withHeaders = (answer: ApiAnswer | undefined, { headers }: Fault): ApiAnswer | undefined =>
	answer && { ...answer, headers: { ...answer.headers, ...headers } };

function send(
	response: ServerResponse,
	{ status, headers, content }: ApiAnswer,
	isCut: boolean,
): void {
	response.writeHead(status, { ...headers, 'content-length': content.length });
	if (!isCut) return void response.end(content);
	response.write(content.subarray(0, content.length / 2), () => response.destroy());
}

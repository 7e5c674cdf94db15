import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { SimulatorOptions } from '../types';

export interface HttpRequest {
	url: string;
	method: 'GET' | 'POST';
	query: Record<string, string>;
	body?: string;
	contentType?: string;
	/** More of them. */
	headers?: Record<string, string>;
	timeoutMs: number;
	clock: Pick<SimulatorOptions, 'now' | 'later'>;
}

export interface HttpResult {
	ms: number;
	/** Missing when no answer came. */
	answer?: { status: number; body: string; contentType?: string };
	/** Whether the connection was cut because the time was over. */
	timedOut: boolean;
	problem?: string;
}

/** One request on a connection of its own, cut when the whole answer is not there in time. */
export function exchange(options: HttpRequest): Promise<HttpResult> {
	const { method, query, body, contentType, timeoutMs, clock, headers: more } = options;
	const url = new URL(options.url);
	for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
	const content = Buffer.from(body ?? '');
	const headers = {
		...(contentType === undefined ? {} : { 'content-type': contentType }),
		...(method === 'POST' ? { 'content-length': content.length } : {}),
		'user-agent': 'Mozilla/4.0',
		accept: '*/*',
		...more,
	};

	return new Promise((resolve) => {
		const start = clock.now();
		let timedOut = false;
		const finish = (result: Pick<HttpResult, 'answer' | 'problem'>) => {
			stopTimer();
			resolve({ ms: clock.now() - start, timedOut, ...result });
		};
		const send = url.protocol === 'https:' ? requestHttps : requestHttp;
		const request = send(url, { method, headers, agent: false }, (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', (error) => finish({ problem: error.message }));
			response.on('end', () => {
				finish({
					answer: {
						status: response.statusCode ?? 0,
						body: Buffer.concat(chunks).toString(),
						contentType: response.headers['content-type'],
					},
				});
			});
		});
		const stopTimer = clock.later(timeoutMs, () => {
			timedOut = true;
			request.destroy(new Error(`no answer within ${timeoutMs} ms`));
		});
		request.on('error', (error) => finish({ problem: error.message }));
		request.end(content);
	});
}

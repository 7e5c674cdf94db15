import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOOPBACK } from './ports';

export interface ReceivedRequest {
	path: string;
	query: Record<string, string>;
	authorization?: string;
	/** Of JSON; the bytes of anything else, such as a form with a file. */
	body: unknown;
}

type Said = Buffer | object;

/** A server that is neither n8n nor WeChat, such as a group chat, a language model, or a place with pictures. */
export interface ExternalServer {
	url: string;
	received: ReceivedRequest[];
	close(): Promise<void>;
}

/** Answers JSON or, as a file, bytes; nothing is a 404, and an error a 500. */
export async function startExternalServer(
	answer: (request: ReceivedRequest) => Said | undefined | Promise<Said | undefined>,
): Promise<ExternalServer> {
	const received: ReceivedRequest[] = [];
	const server = createServer((request, response) => {
		void (async () => {
			const chunks: Buffer[] = [];
			for await (const chunk of request) chunks.push(chunk as Buffer);
			const bytes = Buffer.concat(chunks);
			const isJson = String(request.headers['content-type']).startsWith('application/json');
			const { pathname, searchParams } = new URL(String(request.url), 'http://outside');
			const one: ReceivedRequest = {
				path: pathname,
				query: Object.fromEntries(searchParams),
				authorization: request.headers.authorization,
				body: readBody(bytes, isJson),
			};
			received.push(one);
			const said = await answer(one);
			const isFile = Buffer.isBuffer(said);
			const type = isFile ? 'image/jpeg' : 'application/json';
			response.writeHead(said ? 200 : 404, { 'content-type': type });
			response.end(isFile ? said : JSON.stringify(said ?? {}));
		})().catch(() => response.writeHead(500).end());
	});
	server.listen(0, LOOPBACK);
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://${LOOPBACK}:${port}`,
		received,
		close: async () => {
			server.closeAllConnections();
			server.close();
			await once(server, 'close');
		},
	};
}

function readBody(bytes: Buffer, isJson: boolean): unknown {
	if (bytes.length === 0) return undefined;
	return isJson ? JSON.parse(bytes.toString()) : bytes;
}

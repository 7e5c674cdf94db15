import { createServer as createHttps } from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { toResume, type Question } from '../../nodes/conversation/question';
import { resumeRun } from '../../nodes/conversation/resumeRun';
import { certificate } from '../bench/server';
import { services } from '../support/services';

const question: Question = {
	id: 'q1',
	account: 'wx1',
	openid: 'o1',
	askedAt: 1,
	until: 2,
	resumeUrl: 'https://n8n.example.com/webhook-waiting/1/node?signature=abc',
	steps: [],
	responses: [],
};
const resume = toResume(question, 'answered', 1);

// N8N_PROTOCOL=https: n8n has the certificate of its public name.
test('an n8n that serves TLS is resumed at its own address, whatever name its certificate has', async () => {
	const tls = certificate();
	if (!tls) throw new Error('openssl is missing');
	const seen: string[] = [];
	const server = createHttps(tls, (request, response) => {
		seen.push(`${request.headers.host} ${request.url}`);
		response.end(JSON.stringify({ question: 'q1', isAccepted: true }));
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	const accepted = once(server, 'secureConnection') as Promise<[TLSSocket]>;
	const visitor = connect({ host: '127.0.0.1', port, rejectUnauthorized: false });
	try {
		const [socket] = await accepted;
		expect(await resumeRun(services, question, resume, socket)).toEqual({ kind: 'accepted' });
		expect(seen).toEqual(['n8n.example.com /webhook-waiting/1/node?signature=abc']);
	} finally {
		visitor.destroy();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	}
});

describe('without an address of its own, such as behind a Unix socket', () => {
	const answer = (status: number, body: string) => ({
		status,
		contentType: '',
		disposition: '',
		body: Buffer.from(body),
	});

	test('the public one is called', async () => {
		const http = async () => answer(200, '{"question":"q1","isAccepted":true}');
		expect(await resumeRun({ ...services, http }, question, resume, undefined)).toEqual({
			kind: 'accepted',
		});
	});

	// A login page in front of n8n has status 200, too.
	test.each([
		['a page of somebody else', 200, '<title>Log in</title>', 'unanswered'],
		['a receipt for another question', 200, '{"question":"q2","isAccepted":true}', 'unanswered'],
		['a page that it has ended', 200, '<title>No action required</title>', 'over'],
	])('%s is no success', async (_, status, body, kind) => {
		const http = async () => answer(status, body);
		expect(await resumeRun({ ...services, http }, question, resume, undefined)).toMatchObject({
			kind,
		});
	});

	test('a wrong signature is not tried again', async () => {
		let calls = 0;
		const http = async () => {
			calls++;
			return answer(401, '{"error":"Invalid token"}');
		};
		const resumed = await resumeRun({ ...services, http }, question, resume, undefined);
		expect(resumed).toEqual({ kind: 'unanswered', reason: 'HTTP 401' });
		expect(calls).toBe(1);
	});
});

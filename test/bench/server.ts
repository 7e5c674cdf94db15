import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** As much of WeChat as the figures need, in a process of its own, so that its CPU time is not ours. */
const script = `
const [latency, tls] = [Number(process.argv[1]), process.argv[2]];
const answer = (path, body) => {
	if (path === '/cgi-bin/stable_token') return { access_token: 't'.repeat(157), expires_in: 7200 };
	if (path === '/cgi-bin/user/info/batchget')
		return { user_info_list: body.user_list.map(({ openid }) => ({ subscribe: 1, openid, remark: '' })) };
	if (path === '/cgi-bin/user/get') {
		const from = Number(new URLSearchParams(body).get('next_openid') || 0);
		const openid = Array.from({ length: from >= 100000 ? 0 : 10000 }, (_, n) => String(from + n + 1).padStart(28, 'o'));
		return { total: 100000, count: openid.length, data: { openid }, next_openid: String(from + openid.length) };
	}
	return { errcode: 0, errmsg: 'ok', openid: 'o', subscribe: 1 };
};
const handle = (request, response) => {
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
		const { pathname, search } = new URL(request.url, 'http://x');
		const text = Buffer.concat(chunks).toString();
		const send = () => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer(pathname, text ? JSON.parse(text) : search)));
		latency ? setTimeout(send, latency) : send();
	});
};
const server = tls
	? require('node:https').createServer(JSON.parse(tls), handle)
	: require('node:http').createServer(handle);
server.keepAliveTimeout = 60000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

export interface Server {
	url: string;
	close(): void;
}

export async function startServer(latencyMs: number, tls?: object): Promise<Server> {
	const args = ['-e', script, String(latencyMs), tls ? JSON.stringify(tls) : ''];
	const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
	const port = await new Promise<string>((resolve) =>
		child.stdout.once('data', (data: Buffer) => resolve(data.toString().trim())),
	);
	return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, close: () => void child.kill() };
}

/** A certificate for 127.0.0.1, made by openssl; undefined where there is none. */
export function certificate(): { key: string; cert: string } | undefined {
	const folder = mkdtempSync(join(tmpdir(), 'wechat-bench-'));
	const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
	const args = [
		'req',
		'-x509',
		'-newkey',
		'rsa:2048',
		'-nodes',
		'-days',
		'1',
		'-subj',
		'/CN=127.0.0.1',
	];
	try {
		execFileSync('openssl', [...args, '-keyout', key, '-out', cert], { stdio: 'ignore' });
		return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
	} catch {
		return undefined;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

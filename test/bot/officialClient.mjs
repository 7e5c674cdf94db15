import { createInterface } from 'node:readline';

/**
 * Runs Tencent's own client, @tencent-weixin/openclaw-weixin, for a test: its modules for login, calls, files and
 * messages, as they are in its dist/. Its parts that answer for an agent need its host program, and are not used.
 * Reads a command in each line of JSON, and writes what came of it.
 */
const [, , server] = process.argv;
const fetchAnywhere = globalThis.fetch;
/** It knows Tencent's addresses only. */
globalThis.fetch = async (url, init) =>
	await fetchAnywhere(String(url).replace(/^https:\/\/[\w.-]+\.weixin\.qq\.com/, server), init);
/** What it shows at a login goes where it disturbs nobody. */
const answer = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;

const folder = new URL(
	'../../node_modules/@tencent-weixin/openclaw-weixin/dist/src/',
	import.meta.url,
);
const load = async (name) => await import(new URL(name, folder).href);
const api = await load('api/api.js');
const login = await load('auth/login-qr.js');
const { sendMessageWeixin } = await load('messaging/send.js');
const { sendWeixinMediaFile } = await load('messaging/send-media.js');
const { downloadAndDecryptBuffer } = await load('cdn/pic-decrypt.js');
const CDN = 'https://novac2c.cdn.weixin.qq.com/c2c';

const COMMANDS = {
	startLogin: async () => await login.startWeixinLoginWithQr({ apiBaseUrl: '' }),
	waitForLogin: async ({ sessionKey }) =>
		await login.waitForWeixinLogin({ apiBaseUrl: '', sessionKey }),
	notifyStart: async (options) => await api.notifyStart(options),
	getUpdates: async (options) => await api.getUpdates(options),
	sendText: async ({ to, text, opts }) => await sendMessageWeixin({ to, text, opts }),
	sendFile: async ({ to, text, filePath, opts }) =>
		await sendWeixinMediaFile({ filePath, to, text, opts, cdnBaseUrl: CDN }),
	download: async ({ param, key, url }) =>
		(await downloadAndDecryptBuffer(param, key, CDN, 'test', url)).toString('base64'),
	type: async ({ opts, to, contextToken }) => {
		const { typing_ticket } = await api.getConfig({ ...opts, ilinkUserId: to, contextToken });
		await api.sendTyping({ ...opts, body: { ilink_user_id: to, typing_ticket, status: 1 } });
	},
};

for await (const line of createInterface({ input: process.stdin })) {
	const { id, command, options } = JSON.parse(line);
	COMMANDS[command](options).then(
		(result) => answer(`${JSON.stringify({ id, result })}\n`),
		(error) => answer(`${JSON.stringify({ id, error: String(error) })}\n`),
	);
}

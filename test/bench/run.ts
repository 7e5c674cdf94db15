import { toAesKey } from '../../nodes/push/cipher';
import { MAX_PUSH_BYTES, openPush } from '../../nodes/push/openPush';
import { encryptReply } from '../../nodes/push/reply';
import { buildPush, DEFAULT_ACCOUNT as account } from '../simulator';
import { secrets } from '../support/secrets';
import { findOwnRecipe } from '../e2e/n8n/recipe';
import { endAll } from '../e2e/services/cleanup';
import { platformWith } from './accounts';
import { benchBeside } from './beside';
import { clientAt, n8nRequest, perCpuSecond, runNode } from './calls';
import { measurePack } from './load';
import { clocked, compare, median } from './measure';
import { textOption } from './options';
import { benchPeers, installPeers } from './peers';
import { findCommand, keep, say, sayMachine } from './results';
import { libraryOf } from './rules';
import { certificate, startServer } from './server';
import { cryptoOnly, withXml } from './straight';

/**
 * `npm run bench`: figures of this run only; nothing here passes or fails. `--peers` compares with other
 * packages instead, `--beside FOLDER` with another checkout, `--write` keeps what is printed in RESULTS.md.
 */

const NOW = Date.now();
const key = toAesKey(account.encodingAESKey) as Buffer;
const row = (name: string, ...cells: string[]) =>
	say([name.padEnd(28), ...cells.map((cell) => cell.padStart(16))].join(''));
const us = (value: number) => `${value.toFixed(1)} µs`;
const ratio = (value: number, to: number) => `${(value / to).toFixed(2)} x`;

async function benchOpening(characters: number): Promise<void> {
	const Content = '你好 hello '.repeat(characters).slice(0, characters);
	const message = { FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s', MsgType: 'text', Content };
	const built = buildPush(account, message);
	const delivery = { query: built.query, body: Buffer.from(built.body) };
	const { timestamp, nonce, msg_signature } = built.query;
	const signed = [account.token, timestamp, nonce];
	const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(built.body) ?? [];
	const right = (opened: unknown) => (opened as { Content: string }).Content === Content;
	if (!right(openPush(delivery, secrets, NOW).message)) throw new Error('opened wrongly');
	if (!right(withXml.open(key, signed, msg_signature, delivery.body)))
		throw new Error('baseline wrong');
	report(
		`open a push of ${(delivery.body.length / 1024).toFixed(1)} KB`,
		await compare({
			ours: () => openPush(delivery, secrets, NOW),
			crypto: () => cryptoOnly.open(key, signed, encrypted),
			xml: () => withXml.open(key, signed, msg_signature, delivery.body),
		}),
	);
}

/** What a stranger can make of us: the largest body, of what takes longest to look through. */
async function benchGarbage(): Promise<void> {
	const fill = (piece: string, head: string, tail: string) =>
		head + piece.repeat((MAX_PUSH_BYTES - head.length - tail.length) / piece.length) + tail;
	const kinds = {
		cdata: fill('<![CDATA[]]>', '<xml>', '</xml>'),
		encrypt: fill('<Encrypt></Encrypt>', '<xml>', '</xml>'),
		base64: fill('A', '<xml><Encrypt><![CDATA[', ']]></Encrypt></xml>'),
		blanks: fill(' ', '<xml><Encrypt><![CDATA[a', 'a]]></Encrypt></xml>'),
		quotes: fill('"', '{', '}'),
		escapes: fill('\\u002b', '{"Encrypt":"', '"}'),
	};
	const query = { encrypt_type: 'aes', msg_signature: 'x', timestamp: '1', nonce: '1' };
	const refuse = (text: string) => {
		const body = Buffer.from(text);
		return () => {
			try {
				openPush({ query, body }, secrets, NOW);
			} catch {
				return;
			}
			throw new Error('garbage was accepted');
		};
	};
	const { query: good, body } = buildPush(account, { FromUserName: 'o', Content: 'hello' });
	const times = await compare<string>({
		push: () => openPush({ query: good, body: Buffer.from(body) }, secrets, NOW),
		...Object.fromEntries(Object.entries(kinds).map(([kind, text]) => [kind, refuse(text)])),
	});
	const { push, ...garbage }: Record<string, number> = times;
	const [worst, most] = Object.entries(garbage).sort(([, a], [, b]) => b - a)[0];
	say(
		`Garbage of ${MAX_PUSH_BYTES / 1024} KB that nobody signed: at most ${us(most)} (${worst}), ${ratio(most, push)} of a push of ${(body.length / 1024).toFixed(1)} KB`,
	);
}

async function benchSealing(): Promise<void> {
	const message = { ToUserName: 'gh_5a1b2c3d4e5f', FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s' };
	const reply = { MsgType: 'text' as const, Content: 'You said: 你好' };
	const tree = {
		ToUserName: message.FromUserName,
		FromUserName: message.ToUserName,
		CreateTime: 1760000000,
		...reply,
	};
	const signed = [account.token, '1760000000', '123456789'];
	const plain = JSON.stringify(tree);
	report(
		'seal a text reply',
		await compare({
			ours: () => encryptReply(reply, { message, format: 'xml', key }, secrets, NOW),
			crypto: () => cryptoOnly.seal(key, signed, account.appId, plain),
			xml: () => withXml.seal(key, signed, account.appId, tree),
		}),
	);
}

function report(
	name: string,
	{ ours, crypto, xml }: Record<'ours' | 'crypto' | 'xml', number>,
): void {
	row(name, us(ours), us(crypto), us(xml), ratio(ours, crypto), ratio(ours, xml));
}

async function benchAccounts(): Promise<void> {
	const [one, many] = [platformWith(1), platformWith(1000)];
	const [few, lots] = [[] as number[], [] as number[]];
	// In turn, so that the machine's moods hit both.
	for (let round = 0; round < 9; round++) {
		few.push(await clocked(one.answer, 300));
		lots.push(await clocked(many.answer, 300));
	}
	const [a, b] = [median(few), median(lots)];
	say(
		`\nPlatform with 1,000 accounts: state ${(many.size / 1024).toFixed(0)} KB; saving a token ${(await clocked(many.save, 31)).toFixed(1)} ms (with 1 account ${(await clocked(one.save, 31)).toFixed(1)} ms), without the database`,
	);
	say(
		`Opening and answering a message: ${us(b * 1000)} with 1,000 accounts, ${us(a * 1000)} with 1: ${ratio(b, a)}`,
	);
	const { refuse, refuseOfOne, decrypt } = await compare({
		refuse: many.refuse,
		refuseOfOne: one.refuse,
		decrypt: many.decrypt,
	});
	say(
		`Refusing a forged visit: ${us(refuse)} with 1,000 accounts, ${us(refuseOfOne)} with 1: ${ratio(refuse, refuseOfOne)}; decrypting the credential takes ${us(decrypt)}: ${ratio(refuse, decrypt)}`,
	);
}

async function benchRules(): Promise<void> {
	const [few, many] = [await libraryOf(10), await libraryOf(2000)];
	const { match, one, ...modes } = await compare({
		match: many.match,
		one: few.match,
		...many.matchBy,
	});
	const save = await clocked(many.save, 31);
	say(
		`2,000 reply rules: match ${us(match)} (10 rules ${us(one)}: ${ratio(match, one)}), save ${save.toFixed(1)} ms (10 rules ${(await clocked(few.save, 31)).toFixed(1)} ms), state ${(many.size / 1024).toFixed(0)} KB, without the database`,
	);
	say(
		`2,000 of one kind: ${Object.entries(modes)
			.map(([mode, time]) => `${mode} ${us(time)}`)
			.join(
				', ',
			)}; made ready in ${((await compare({ prepare: many.prepare })).prepare / 1000).toFixed(1)} ms`,
	);
}

async function benchPushes(): Promise<void> {
	say('CPU time, medians of one run.');
	say(
		'a: node:crypto alone: SHA-1, AES-256-CBC, the text as a string; nothing found, compared or read.',
	);
	say('b: the same with fast-xml-parser.\n');
	row('', 'this pack', 'a: crypto', 'b: crypto + XML', 'ratio to a', 'ratio to b');
	await benchOpening(290);
	await benchOpening(10_500);
	await benchSealing();
	await benchGarbage();
}

function benchLoad(): void {
	const { start, pack, workflow } = measurePack(9);
	say(
		`\nAll nodes and credentials as n8n loads them when it starts: ${start.ms.toFixed(1)} ms, ${start.mb.toFixed(1)} MB stay; beside n8n-workflow (next line): ${ratio(start.ms, workflow.ms)}, ${ratio(start.mb, workflow.mb)}`,
	);
	say(
		`Cold load of all nodes and credentials: ${pack.ms.toFixed(1)} ms, ${pack.mb.toFixed(1)} MB; n8n-workflow, loaded before: ${workflow.ms.toFixed(1)} ms, ${workflow.mb.toFixed(1)} MB: ${ratio(pack.ms, workflow.ms)}${pack.undici ? '; undici was loaded' : ''}`,
	);
}

/** Many items, with 50 ms to WeChat. What one call after the other takes is measured over 40 of them. */
async function benchItems(): Promise<void> {
	const server = await startServer(50);
	const items = Array.from({ length: 1000 }, (_, n) => ({ openid: `o${n}`, touser: `o${n}` }));
	const get = { resource: 'user', operation: 'get', lang: 'zh_CN' };
	const send = {
		resource: 'customerServiceMessage',
		operation: 'send',
		msgtype: 'text',
		content: 'hello',
		options: { concurrency: 10 },
	};
	const client = clientAt(server.url);
	const seconds = async (work: () => Promise<unknown>) => {
		const began = performance.now();
		await work();
		return (performance.now() - began) / 1000;
	};
	for (const [name, parameters, one] of [
		['get user', get, { method: 'GET', path: '/cgi-bin/user/info', query: { openid: 'o' } }],
		['send message', send, { path: '/cgi-bin/message/custom/send', body: { touser: 'o' } }],
	] as const) {
		await client.send(one);
		const each = await seconds(async () => {
			for (let call = 0; call < 40; call++) await client.send(one);
		});
		const all = await seconds(async () => await runNode(server.url, parameters, items));
		const alone = (each / 40) * 1000;
		say(
			`1,000 x ${name}: ${all.toFixed(2)} s, one after the other ${alone.toFixed(1)} s: ${(alone / all).toFixed(1)} x`,
		);
	}
	server.close();
}

async function benchList(): Promise<void> {
	const server = await startServer(0);
	const parameters = { resource: 'user', operation: 'getAll', returnAll: true };
	global.gc?.();
	const before = process.memoryUsage().heapUsed;
	let peak = 0;
	const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().heapUsed)), 5);
	const count = await runNode(server.url, parameters, [{}]);
	clearInterval(watch);
	say(
		`A list of ${count.toLocaleString('en')} entries: at most ${((peak - before) / 2 ** 20).toFixed(0)} MB at a time, ${((peak - before) / count).toFixed(0)} bytes for each`,
	);
	server.close();
}

async function benchTransport(): Promise<void> {
	process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
	process.removeAllListeners('warning');
	const tls = certificate();
	if (!tls) say('There is no openssl: no figures for https');
	for (const server of [await startServer(0), ...(tls ? [await startServer(0, tls)] : [])]) {
		const client = clientAt(server.url);
		const request = n8nRequest();
		const path = '/cgi-bin/message/custom/send';
		const body = { touser: 'o', msgtype: 'text', text: { content: 'hello' } };
		const [ours, theirs] = [[] as number[], [] as number[]];
		for (let round = 0; round < 5; round++) {
			ours.push(await perCpuSecond(async () => await client.send({ path, body }), 2000));
			const url = `${server.url}${path}?access_token=${'t'.repeat(157)}`;
			theirs.push(
				await perCpuSecond(
					async () => void (await request({ method: 'POST', url, body, json: true })),
					500,
				),
			);
		}
		const [a, b] = [median(ours), median(theirs)];
		const protocol = new URL(server.url).protocol.slice(0, -1);
		say(
			`Calls per CPU second over ${protocol}: ${a.toFixed(0)}, n8n's helpers.httpRequest ${b.toFixed(0)}: ${ratio(a, b)}`,
		);
		server.close();
	}
}

async function benchAll(): Promise<void> {
	await benchPushes();
	benchLoad();
	await benchAccounts();
	await benchRules();
	say();
	await benchItems();
	await benchList();
	await benchTransport();
}

/** What a command line may ask for instead. Those who start n8n load what that needs. */
const OTHERS: Record<string, () => Promise<void>> = {
	peers: async () => {
		installPeers();
		await benchPeers();
	},
	inside: async () => await (await import('./inside/compare')).benchInside(),
	articles: async () => await (await import('./articles')).benchArticles(),
	conversations: async () => await (await import('./conversations')).benchConversations(),
	pay: async () => await (await import('./pay')).benchPay(),
	bots: async () => await (await import('./bots')).benchBots(),
	scale: async () => await (await import('./scale/benchScale')).benchScale(),
	soak: async () => await (await import('./inside/soak')).benchSoak(),
	kill: async () => await (await import('./inside/kill')).benchKill(),
};

const STARTS_N8N = ['inside', 'scale', 'soak', 'kill'];

async function main(): Promise<void> {
	const at = process.argv.indexOf('--beside');
	if (at > 0) {
		const [folder, ...options] = process.argv.slice(at + 1);
		sayMachine();
		await benchBeside(folder, options);
		return;
	}
	const other = Object.keys(OTHERS).find((name) => process.argv.includes(`--${name}`));
	sayMachine();
	if (other && STARTS_N8N.includes(other))
		say(`n8n ${textOption('n8n') ?? findOwnRecipe().version}`);
	await (other ? OTHERS[other] : benchAll)();
	keep(findCommand());
}

void main()
	.then(
		() => 0,
		(error: unknown) => {
			console.error(error);
			return 1;
		},
	)
	.then(async (status) => {
		await endAll();
		process.exit(status);
	});

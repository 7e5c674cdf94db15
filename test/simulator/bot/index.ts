import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../nodes/base/clock';
import { drawCode, findCode, readCode } from './codes';
import { findFile, giveFile, openUpload, putFile } from './files';
import { deliver, receive, takeUpdates, writeUpdates } from './messages';
import { BotRefusal, refuseCall } from './refusal';
import { checkBody, checkClient, checkHeaders, findCaller, readCount, readField } from './requests';
import type { BotCallRecord, BotFault, BotServer, BotServerOptions } from './types';
import {
	addBot,
	createToken,
	createWorld,
	findBot,
	toLoggedIn,
	writeIds,
	type BotAccount,
	type HeldPoll,
	type Json,
} from './world';

export type { BotCallRecord, BotFault, BotServer, BotServerOptions, SeenMessage } from './types';

const DEFAULTS: BotServerOptions = {
	clock: systemClock,
	longPollMs: 35_000,
	codeMs: 300_000,
	perContext: 10,
	perFiveMinutes: 7,
	contextMs: 24 * 3_600_000,
	givesFullUrls: true,
	knowsClientIds: true,
};

/** What is sent back. */
interface Answer {
	status?: number;
	body?: string | Buffer;
	headers?: Record<string, string>;
}

interface Exchange {
	record: BotCallRecord;
	body: Json;
	bytes: Buffer;
	request: IncomingMessage;
	response: ServerResponse;
}

/**
 * Starts the server of bots of personal accounts (iLink) on 127.0.0.1, with its CDN. It takes nothing that the
 * protocol does not have. What it holds back goes by its clock.
 */
export async function startBotServer(
	overrides: Partial<BotServerOptions> = {},
): Promise<BotServer> {
	const world = createWorld({ ...DEFAULTS, ...overrides });
	const calls: BotCallRecord[] = [];
	const uins = new Set<string>();
	/** Of codes; those of bots stand there. */
	const watched = new Set<HeldPoll>();
	const listeners = new Set<() => void>();
	let faults: Array<BotFault & { left: number }> = [];

	function takeFault(path: string): BotFault | undefined {
		const fault = faults.find((one) => isPath(one.path, path));
		if (fault && --fault.left <= 0) faults = faults.filter((one) => one !== fault);
		return fault;
	}

	/** Holds an answer back until there is one, at most as long as polls are held. */
	async function hold(
		polls: Set<HeldPoll>,
		response: ServerResponse,
		read: () => string | undefined,
	): Promise<string | undefined> {
		const found = read();
		if (found !== undefined) return found;
		return await new Promise((done) => {
			const end = (answer: string | undefined) => {
				polls.delete(poll);
				cancel();
				done(answer);
			};
			const poll: HeldPoll = {
				response,
				finish() {
					try {
						const answer = read();
						if (answer !== undefined) end(answer);
					} catch (error) {
						end(tell(error as BotRefusal).body as string);
					}
				},
				drop() {
					response.socket?.destroy();
					end(undefined);
				},
			};
			const cancel = world.clock.later(world.longPollMs, () => end(undefined));
			response.on('close', () => end(undefined));
			polls.add(poll);
		});
	}

	async function pollUpdates(bot: BotAccount, { body, response }: Exchange): Promise<Answer> {
		const cursor = readField(body, 'get_updates_buf');
		const read = () => {
			if (bot.isDead) throw new BotRefusal(-14, 'session timeout');
			return takeUpdates(world, bot, cursor);
		};
		return { body: (await hold(bot.held, response, read)) ?? writeUpdates(world, bot, []) };
	}

	async function pollCode({ record, request, response }: Exchange): Promise<Answer> {
		const { query } = record;
		const host = request.headers.host ?? '';
		const read = (isOver = false) => {
			const said = readCode(world, query, host, isOver);
			return said && JSON.stringify(said);
		};
		return { body: (await hold(watched, response, read)) ?? read(true) };
	}

	async function answerCall(name: string, exchange: Exchange): Promise<Answer> {
		const { record, body } = exchange;
		if (name === 'get_qrcode_status') return await pollCode(exchange);
		if (name === 'get_bot_qrcode') return json(drawCode(world, record.query, body));
		const bot = findCaller(world, record.headers);
		switch (name) {
			case 'getupdates':
				return await pollUpdates(bot, exchange);
			case 'sendmessage':
				return json({ ret: 0, message_id: deliver(world, bot, body) });
			case 'getconfig': {
				const ticket = createToken();
				bot.tickets.set(readField(body, 'ilink_user_id'), ticket);
				return json({ ret: 0, typing_ticket: ticket });
			}
			case 'sendtyping': {
				const userId = readField(body, 'ilink_user_id');
				if (bot.tickets.get(userId) !== readField(body, 'typing_ticket'))
					refuseCall('typing_ticket is that of the person');
				const status = readCount(body, 'status');
				if (status === 1) world.typing.add(userId);
				else if (status === 2) world.typing.delete(userId);
				else refuseCall('status is 1 or 2');
				return json({ ret: 0 });
			}
			case 'getuploadurl':
				return json(openUpload(world, body));
			default:
				return json({ ret: 0 });
		}
	}

	/** Answers a call that nothing was done to. */
	async function answer(exchange: Exchange): Promise<Answer> {
		const { record, bytes } = exchange;
		const { method, path, query, headers } = record;
		const known = [...API].find(([one]) => path === `/ilink/bot/${one}`);
		if (known) {
			const [name, wanted] = known;
			if (method !== wanted) refuseCall(`${path} is a ${wanted}`);
			if (method === 'GET') checkClient(headers);
			else {
				checkHeaders(headers, uins);
				exchange.body = record.body = parse(bytes);
				checkBody(name, record.body);
			}
			return await answerCall(name, exchange);
		}
		if (path === '/c2c/upload' && method === 'POST') {
			const param = putFile(world, query, headers['content-type'], bytes);
			return { headers: { 'x-encrypted-param': param } };
		}
		if (path === '/c2c/download' && method === 'GET') return { body: findFile(world, query).bytes };
		throw new BotRefusal(404, 'no such path', 404);
	}

	async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname: path, searchParams } = new URL(request.url ?? '', world.url);
		const record: BotCallRecord = {
			method: request.method ?? '',
			path,
			query: Object.fromEntries(searchParams),
			body: undefined,
			headers: request.headers,
			ret: 0,
		};
		calls.push(record);
		const fault = takeFault(path);
		if (fault?.cut === 'unread') return void request.socket.destroy();
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk as Buffer);
		const bytes = Buffer.concat(chunks);
		const exchange = { record, body: {}, bytes, request, response };
		let said: Answer = {};
		const isReplaced = [fault?.ret, fault?.errcode, fault?.status, fault?.body].some(
			(one) => one !== undefined,
		);
		if (fault?.done ?? !isReplaced)
			try {
				said = await answer(exchange);
			} catch (error) {
				if (!(error instanceof BotRefusal)) throw error;
				record.ret = error.ret;
				said = tell(error);
			}
		if (fault && isReplaced) {
			const { ret, errcode, errmsg = '', status, body } = fault;
			record.ret = errcode ?? ret ?? status ?? 0;
			said = { status, body: body ?? JSON.stringify({ ret, errcode, errmsg }) };
		}
		if (fault?.cut === 'read') return void request.socket.destroy();
		const content = Buffer.from(said.body ?? '');
		response.writeHead(said.status ?? 200, {
			'content-type': Buffer.isBuffer(said.body) ? 'application/octet-stream' : 'application/json',
			'content-length': content.length,
			...said.headers,
		});
		if (fault?.cut !== 'half') return void response.end(content);
		response.write(content.subarray(0, content.length >> 1), () => request.socket.destroy());
	}

	const server = createServer((request, response) => {
		void serve(request, response)
			.catch((error: Error) => {
				if (!response.headersSent) response.writeHead(500);
				response.end(`The simulator failed: ${error.stack}`);
			})
			.then(() => listeners.forEach((hear) => hear()));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
	world.url = `http://${host}`;

	const allHeld = () => [...watched, ...[...world.bots.values()].flatMap(({ held }) => [...held])];
	const change = (qrcode: string | undefined, status: string) => {
		findCode(world, qrcode).status = status;
		for (const poll of watched) poll.finish();
	};

	return {
		url: world.url,
		host,
		calls,
		count: (path) => calls.filter((one) => isPath(path, one.path)).length,
		listen(hear) {
			listeners.add(hear);
			return () => void listeners.delete(hear);
		},
		fault: (fault) => void faults.push({ ...fault, left: fault.times ?? 1 }),
		clearFaults: () => void (faults = []),
		code: () => findCode(world).qrcode,
		scan: (qrcode) => change(qrcode, world.number ? 'need_verifycode' : 'scaned'),
		confirm(userId, qrcode) {
			const code = findCode(world, qrcode);
			if (code.status !== 'scaned') throw new Error(`The code is ${code.status}, not scaned`);
			code.bot = toLoggedIn(addBot(world, userId));
			change(code.qrcode, 'confirmed');
			return code.bot;
		},
		expire: (qrcode) => change(qrcode, 'expired'),
		block: (qrcode) => change(qrcode, 'verify_code_blocked'),
		move(to, qrcode) {
			findCode(world, qrcode).host = to;
			for (const poll of watched) poll.finish();
		},
		bind: (qrcode) => change(qrcode, 'binded_redirect'),
		setBaseUrl: (url) => void (world.baseUrl = url),
		addBot: (userId) => toLoggedIn(addBot(world, userId)),
		say(botId, userId, text, { groupId, quoteId, quoteText } = {}) {
			const quoted = quoteText && { message_item: { type: 1, text_item: { text: quoteText } } };
			const ref_msg = { ...(quoteId && { svr_id: quoteId }), ...quoted };
			const item = {
				type: 1,
				text_item: { text },
				...((quoteId ?? quoteText) && { ref_msg }),
			};
			return receive(
				world,
				findBot(world, botId),
				userId,
				item,
				groupId ? { group_id: groupId } : {},
			);
		},
		give: (botId, userId, file) =>
			receive(world, findBot(world, botId), userId, giveFile(world, file)),
		seen: (userId) => world.seen.get(userId) ?? [],
		unseen: (userId) => world.unseen.get(userId) ?? [],
		isTyping: (userId) => world.typing.has(userId),
		makeStale(botId, userId) {
			for (const context of findBot(world, botId).contexts)
				if (context.userId === userId) context.isStale = true;
		},
		endSession(botId) {
			const bot = findBot(world, botId);
			bot.isDead = true;
			for (const poll of bot.held) poll.finish();
		},
		dropPolls() {
			for (const poll of allHeld()) poll.drop();
		},
		held: (botId) => (botId ? findBot(world, botId).held.size : allHeld().length),
		repeat(botId) {
			const bot = findBot(world, botId);
			bot.again = Math.max(0, bot.updates.length - 1);
			for (const poll of bot.held) poll.finish();
		},
		steal(botId) {
			const taken = findBot(world, botId).updates.filter((one) => !one.isStolen);
			return taken.map((update) => {
				update.isStolen = true;
				return update.id;
			});
		},
		close: async () =>
			await new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

const API = new Map([
	['get_bot_qrcode', 'POST'],
	['get_qrcode_status', 'GET'],
	['getupdates', 'POST'],
	['sendmessage', 'POST'],
	['getconfig', 'POST'],
	['sendtyping', 'POST'],
	['getuploadurl', 'POST'],
	['msg/notifystart', 'POST'],
	['msg/notifystop', 'POST'],
]);

const isPath = (wanted: string | undefined, path: string) =>
	wanted === undefined || path.endsWith(`/${wanted}`);

const json = (value: Json): Answer => ({ body: writeIds(value) });

function parse(bytes: Buffer): Json {
	try {
		return JSON.parse(bytes.toString('utf8')) as Json;
	} catch {
		return refuseCall('the body is JSON');
	}
}

/** A dead session has errcode as well as ret; other refusals have only one of them. */
const tell = ({ ret, message, status }: BotRefusal): Answer => ({
	status,
	body: JSON.stringify({ ret, ...(ret === -14 && { errcode: ret }), errmsg: message }),
});

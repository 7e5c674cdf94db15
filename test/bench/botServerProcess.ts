import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { startBotServer } from '../simulator/bot';
import type { LoggedIn } from '../simulator/bot/types';

/*
 * The server of bots in a process of its own, so that what it costs is not counted; bots.ts starts it. A way of some
 * length leads to it, as to a server far away.
 */

/** What the process is asked for. */
export interface BotServerOrder {
	/** The bot that gets a message, and the text. */
	botId: string;
	text: string;
}

/** What it says: where the server is, or when somebody wrote, by the clock that all processes share. */
export type BotServerNews = { url: string; bots: LoggedIn[] } | { text: string; wroteAt: string };

const say = (news: BotServerNews) => void process.send?.(news);

async function main(bots: number, wayMs: number): Promise<void> {
	const server = await startBotServer({ perFiveMinutes: 1e9 });
	const port = await openWay(Number(server.host.split(':')[1]), wayMs);
	const url = `http://127.0.0.1:${port}`;
	server.setBaseUrl(url);
	say({ url, bots: Array.from({ length: bots }, () => server.addBot()) });
	process.on('message', ({ botId, text }: BotServerOrder) => {
		const wroteAt = String(process.hrtime.bigint());
		server.say(botId, 'anna@im.wechat', text);
		say({ text, wroteAt });
	});
}

/** Passes on what comes, a while later in each direction. */
async function openWay(to: number, ms: number): Promise<number> {
	const way = createServer((near) => {
		const far = createConnection(to, '127.0.0.1');
		connect(near, far, ms);
		connect(far, near, ms);
	});
	await new Promise<void>((done) => way.listen(0, '127.0.0.1', done));
	return (way.address() as AddressInfo).port;
}

function connect(from: Socket, to: Socket, ms: number): void {
	from.setNoDelay(true);
	from.on('data', (bytes) => void setTimeout(() => to.write(bytes), ms));
	from.on('close', () => void setTimeout(() => to.destroy(), ms));
	from.on('error', () => {});
}

// The bench is gone.
process.once('disconnect', () => process.exit());
void main(Number(process.argv[2]), Number(process.argv[3]));

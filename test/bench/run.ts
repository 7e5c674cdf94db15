import { keyOf } from '../../nodes/push/cipher';
import { open, type Secrets } from '../../nodes/push/open';
import { seal } from '../../nodes/push/reply';
import { buildPush, DEFAULT_ACCOUNT as account } from '../simulator';
import { platformWith } from './accounts';
import { measureLoad } from './load';
import { clocked, compare, median } from './measure';
import { cryptoOnly, withXml } from './straight';

/** `npm run bench`: figures of this run only; nothing here passes or fails. */

const NOW = Date.now();
const key = keyOf(account.encodingAESKey) as Buffer;
const secrets: Secrets = {
	appId: account.appId,
	token: account.token,
	encodingAesKey: account.encodingAESKey,
	mode: 'safe',
};
const row = (name: string, ...cells: string[]) =>
	console.log([name.padEnd(28), ...cells.map((cell) => cell.padStart(16))].join(''));
const us = (value: number) => `${value.toFixed(1)} µs`;
const ratio = (value: number, to: number) => `${(value / to).toFixed(2)} x`;

function benchOpening(characters: number): void {
	const Content = '你好 hello '.repeat(characters).slice(0, characters);
	const message = { FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s', MsgType: 'text', Content };
	const built = buildPush(account, message);
	const delivery = { query: built.query, body: Buffer.from(built.body) };
	const { timestamp, nonce, msg_signature } = built.query;
	const signed = [account.token, timestamp, nonce];
	const [, encrypted = ''] = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(built.body) ?? [];
	const right = (opened: unknown) => (opened as { Content: string }).Content === Content;
	if (!right(open(delivery, secrets, NOW).message)) throw new Error('opened wrongly');
	if (!right(withXml.open(key, signed, msg_signature, delivery.body)))
		throw new Error('baseline wrong');
	report(
		`open a push of ${(delivery.body.length / 1024).toFixed(1)} KB`,
		compare({
			ours: () => open(delivery, secrets, NOW),
			crypto: () => cryptoOnly.open(key, signed, encrypted),
			xml: () => withXml.open(key, signed, msg_signature, delivery.body),
		}),
	);
}

function benchSealing(): void {
	const message = { ToUserName: 'gh_5a1b2c3d4e5f', FromUserName: 'oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s' };
	const reply = { MsgType: 'text', Content: 'You said: 你好' };
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
		compare({
			ours: () => seal(reply, { message, format: 'xml', key }, secrets, NOW),
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
	console.log(
		`\nPlatform with 1,000 accounts: state ${(many.size / 1024).toFixed(0)} KB; saving a token ${(await clocked(many.save, 31)).toFixed(1)} ms (with 1 account ${(await clocked(one.save, 31)).toFixed(1)} ms), without the database`,
	);
	console.log(
		`Opening and answering a message: ${us(b * 1000)} with 1,000 accounts, ${us(a * 1000)} with 1: ${ratio(b, a)}`,
	);
}

console.log(`Node.js ${process.version}; CPU time, medians of one run\n`);
row('', 'this pack', 'a: crypto', 'b: crypto + XML', 'ratio to a', 'ratio to b');
benchOpening(290);
benchOpening(10_500);
benchSealing();

const loads = measureLoad(9);
const { ms, undici } = loads[loads.length >> 1];
const mb = loads.map((load) => load.mb).sort((a, b) => a - b)[loads.length >> 1];
console.log(
	`\nCold load of all nodes and credentials, n8n-workflow loaded: ${ms.toFixed(1)} ms, ${mb.toFixed(1)} MB (aim: 40 ms, 12 MB)${undici ? '; undici was loaded' : ''}`,
);

void benchAccounts();

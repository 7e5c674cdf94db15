import { restartProcess } from '../support/services';
import { prepareN8n } from '../support/n8n';
import { credentialsFor, useSimulator } from '../support/simulator';
import { freePorts } from '../e2e/services/ports';
import { REFUSED } from './faults';
import {
	act,
	COMPONENT_TOKEN,
	flaw,
	mend,
	OPERATIONS,
	OPTIONS,
	ownAccount,
	platform,
	SEND,
	STABLE_TOKEN,
	wechat,
	type Operation,
} from './support';

prepareN8n();
const simulator = useSimulator(OPTIONS);

const ways = { 'an account of its own': ownAccount, 'accounts of a platform': platform };

describe.each(Object.entries(ways))('%s', (_, way) => {
	const cases = Object.entries(way.troubles).flatMap(([path, troubles]) =>
		Object.entries(troubles).map(([name, trouble]) => ({ path, name, trouble })),
	);

	test.each(cases)('$path: $name', async ({ path, name, trouble }) => {
		for (const operation of Object.keys(OPERATIONS) as Operation[]) {
			restartProcess();
			const credentials = await way.enter(simulator());
			for (const count of [1, 2]) {
				const items = itemsFor(way.appIds, count, `${path} ${name} ${operation}`);
				simulator().fault({ path, ...trouble });
				const output = await act(way, operation, credentials, items);
				await mend(simulator());
				expect(output).toHaveLength(items.length);
				for (const [index, item] of items.entries())
					expect(flaw(simulator(), operation, item, output[index])).toBeUndefined();
			}
			const later = itemsFor(way.appIds, 1, `${path} ${name} ${operation} later`);
			const output = await act(way, operation, credentials, later);
			expect(output.map(({ json }) => json.error)).toEqual(later.map(() => undefined));
		}
	});

	/** Source: the codes' pages; all of them say that the call was not carried out. */
	test.each(['-1 busy', '45011 too many in this minute', '40001 token replaced', 'slow'])(
		'%s once: nobody notices',
		async (name) => {
			for (const [path, troubles] of Object.entries(way.troubles)) {
				if (!troubles[name]) continue;
				restartProcess();
				const credentials = await way.enter(simulator());
				simulator().fault({ path, ...troubles[name] });
				const items = itemsFor(way.appIds, 2, `${path} ${name} once`);
				const output = await act(way, 'send', credentials, items);
				await mend(simulator());
				expect([path, ...output.map(({ json }) => json.error)]).toEqual([
					path,
					...items.map(() => undefined),
				]);
			}
		},
	);

	// A stable token is not stored: WeChat returns the same one again, for one call.
	test('a restart of n8n makes no new token', async () => {
		const paths = Object.keys(way.troubles).filter((path) => /token|list/.test(path));
		const credentials = await way.enter(simulator());
		const asked = async () => {
			restartProcess();
			const items = itemsFor(way.appIds, 1, 'restart');
			const output = await act(way, 'send', credentials, items);
			expect(output.map(({ json }) => json.error)).toEqual(items.map(() => undefined));
			return paths.map((path) => simulator().count(path));
		};
		const before = await asked();
		const calls = way === ownAccount ? 1 : 0;
		expect(await asked()).toEqual(before.map((count) => count + calls));
		const tokens = simulator().calls.filter(({ path }) => path === '/cgi-bin/stable_token');
		expect(tokens.slice(tokens.length - calls).map(({ body }) => body)).toEqual(
			Array(calls).fill(expect.objectContaining({ force_refresh: false })),
		);
	});

	test('WeChat is busy for ever: an error, after three repetitions', async () => {
		const credentials = await way.enter(simulator());
		const before = simulator().count(SEND);
		simulator().fault({ path: SEND, times: Infinity, ...REFUSED['-1 busy'] });
		const items = itemsFor(way.appIds.slice(0, 1), 1, 'busy');
		const [row] = await act(way, 'send', credentials, items);
		expect(row.json.error).toMatch(/errcode -1/);
		expect(simulator().count(SEND)).toBe(before + 4);
	});

	/** Tokens are asked for and renewed again: an answer that is lost does no harm. */
	test.each(['reset afterwards', 'cut in the middle', 'a page of a relay'])(
		'%s, where tokens come from: nobody notices',
		async (name) => {
			for (const path of Object.keys(way.troubles).filter((one) => /token|list/.test(one))) {
				restartProcess();
				const credentials = await way.enter(simulator());
				simulator().fault({ path, ...way.troubles[path][name] });
				const items = itemsFor(way.appIds, 1, `${path} ${name} there`);
				const output = await act(way, 'send', credentials, items);
				await mend(simulator());
				expect([path, ...output.map(({ json }) => json.error)]).toEqual([
					path,
					...items.map(() => undefined),
				]);
			}
		},
	);

	test.each([-10, 10])("WeChat's clock is %d minutes ahead", async (minutes) => {
		wechat.aheadMs = minutes * 60_000;
		const credentials = await way.enter(simulator());
		const [path] = [STABLE_TOKEN, COMPONENT_TOKEN].filter((one) => one in way.troubles);
		const before = simulator().count(path);
		for (const when of ['first', 'second']) {
			const items = itemsFor(way.appIds, 3, `${when}, ${minutes} minutes ahead`);
			const output = await act(way, 'send', credentials, items);
			expect(output.map(({ json }) => json.error)).toEqual(items.map(() => undefined));
		}
		expect(simulator().count(path)).toBe(before + 1);
		wechat.aheadMs = 0;
	});
});

test('when nobody listens each item says so', async () => {
	const [port] = await freePorts(1);
	const credentials = credentialsFor(simulator(), { baseUrl: `http://127.0.0.1:${port}` });
	const items = itemsFor(ownAccount.appIds, 3, 'nobody');
	const output = await act(ownAccount, 'send', credentials, items);
	expect(output.map(({ json }) => json.error)).toEqual(
		items.map(() => expect.stringContaining(`127.0.0.1:${port} refuses connections`) as unknown),
	);
});

let made = 0;
const itemsFor = (appIds: string[], count: number, what: string) =>
	appIds.flatMap((appId) =>
		simulator()
			.openids(appId)
			.slice(0, count)
			.map((openid) => ({ appId, openid, content: `${what} ${++made}` })),
	);

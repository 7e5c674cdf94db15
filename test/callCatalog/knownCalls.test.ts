import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import source from '../../nodes/callCatalog/calls.json';
import paySource from '../../nodes/callCatalog/payCalls.json';
import { findKnownCall, readGroupNames, readKnownCalls } from '../../nodes/callCatalog/knownCalls';

/** What the build leaves out of a record: only the simulator, tests and documentation read it. */
const TESTED_ONLY = ['answer', 'model_body', 'sdk_code', 'since', 'source'];

const built = join(__dirname, '..', '..', 'dist', 'nodes', 'callCatalog');

function readBuilt(name: string): unknown {
	const { brotli } = JSON.parse(readFileSync(join(built, name), 'utf8')) as { brotli: string };
	return JSON.parse(brotliDecompressSync(Buffer.from(brotli, 'base64')).toString());
}

type Records = Array<Record<string, unknown>>;
const records = source as Records;
const payRecords = paySource as Records;

test('a call is found by its key', async () => {
	const call = await findKnownCall('/wxa/component/fastregisterpersonalweapp?action=query');
	expect(call).toMatchObject({ path: '/wxa/component/fastregisterpersonalweapp', method: 'POST' });
	expect(await findKnownCall('/cgi-bin/menu/create')).toMatchObject({ effect: 'write' });
});

test('what is no key is not found', async () => {
	for (const key of ['', '/cgi-bin/menu', '/cgi-bin/menu/create"', 'toString'])
		expect(await findKnownCall(key)).toBeUndefined();
});

test('each call is found as it stands in the list', async () => {
	const all = await readKnownCalls();
	expect(all).toEqual(records);
	const some = all.filter((_, index) => index % 97 === 0 || index === all.length - 1);
	for (const call of some) expect(await findKnownCall(call.key)).toEqual(call);
});

test('keys are unique, and say the path', () => {
	const keys = records.map(({ key }) => key as string);
	expect(new Set(keys).size).toBe(keys.length);
	expect(records.filter(({ key, path }) => (key as string).split(/[?#]/)[0] !== path)).toEqual([]);
});

test('keys of WeChat Pay are unique, and say method and path', () => {
	const keys = payRecords.map(({ key }) => key as string);
	expect(new Set(keys).size).toBe(keys.length);
	expect(
		payRecords.filter(
			({ key, method, path }) =>
				(key as string).split('?')[0] !== `${method as string} ${path as string}`,
		),
	).toEqual([]);
});

test('the catalogs do not mix', async () => {
	const key = 'POST /v3/pay/transactions/jsapi';
	expect(await findKnownCall(key, 'payCalls')).toMatchObject({ method: 'POST' });
	expect(await findKnownCall(key)).toBeUndefined();
	expect(await findKnownCall('/cgi-bin/menu/create', 'payCalls')).toBeUndefined();
});

// gulpfile.js writes them; needs a build, as test/loading.test.ts.
test.each([
	['calls.json', records],
	['payCalls.json', payRecords],
])('the built %s says the same', (file, from) => {
	const stripped = from.map((call) =>
		Object.fromEntries(Object.entries(call).filter(([name]) => !TESTED_ONLY.includes(name))),
	);
	expect(readBuilt(file)).toEqual(stripped);
});

/** What the calls may add to the package, in bytes. */
const MAX_PACKED = 250_000;

test('the built files are small', () => {
	const sizes = ['calls.json', 'groups.json', 'payCalls.json', 'payGroups.json'].map(
		(name) => statSync(join(built, name)).size,
	);
	expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(MAX_PACKED);
});

test('the built names of groups are the same', async () => {
	expect(readBuilt('groups.json')).toEqual(await readGroupNames());
	expect(readBuilt('payGroups.json')).toEqual(await readGroupNames('payCalls'));
});

test('the built loader reads the built file', async () => {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- it exists after a build only
	const loader = require(join(built, 'knownCalls.js')) as { findKnownCall: typeof findKnownCall };
	const {
		answer,
		source: from,
		...call
	} = records.find(({ key }) => key === '/cgi-bin/menu/create') ?? { key: '' };
	expect(answer).toBeDefined();
	expect(from).toBeDefined();
	expect(await loader.findKnownCall('/cgi-bin/menu/create')).toEqual(call);
});

/** Prints how many MB stay of reading a call, and of reading all. */
const script = `
const { findKnownCall, readKnownCalls } = require(process.argv[1]);
// Node.js loads it for the first file that is unpacked.
require('node:zlib').brotliDecompressSync(require('node:zlib').brotliCompressSync(''));
const memory = async () => {
	await new Promise((resolve) => setTimeout(resolve, 20));
	global.gc();
	global.gc();
	return (process.memoryUsage().heapUsed + process.memoryUsage().external) / 2 ** 20;
};
async function run() {
	const before = await memory();
	await findKnownCall('/cgi-bin/menu/create');
	const found = await memory();
	await readKnownCalls();
	console.log(found - before, (await memory()) - found);
}
void run();
`;

// The text has 1.4 MB in memory, the list 4 MB; what is compressed has 0.1.
test('nothing of the list stays in memory', () => {
	const args = ['--expose-gc', '-e', script, join(built, 'knownCalls.js')];
	const out = execFileSync(process.execPath, args, { encoding: 'utf8' });
	const [ofOne, ofAll] = out.split(' ').map(Number);
	expect(ofOne).toBeLessThan(0.5);
	expect(ofAll).toBeLessThan(0.5);
});

// A time without a type would go out as it was written: WeChat wants Unix seconds or a form of its own.
test('times that are sent have a type', () => {
	const untyped = [...records, ...payRecords].filter(({ body, query }) =>
		/"\w*time\w*\??":"any/i.test(JSON.stringify([body, query])),
	);
	expect(untyped.map(({ key }) => key)).toEqual([]);
});

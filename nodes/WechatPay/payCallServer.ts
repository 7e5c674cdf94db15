import type { Call } from '../api/apiClient';
import { FILE_FACTS } from '../callCatalog/callFields';
import { checkEnteredPayPath } from '../callCatalog/enteredCall';
import type { Catalogs } from '../callCatalog/knownCalls';
import { UserError } from '../base/userError';
import type { CallServer } from '../engine/callOperation';
import { readFen } from '../engine/fenAmount';
import { decryptAnswer } from '../payV3/encryptedAnswer';
import type { PayV3Client } from '../payV3/payV3Client';
import { describeFile } from './fields/uploadedFile';

/**
 * What is particular in calls of WeChat Pay: amounts are whole, some texts are encrypted one by one in both directions,
 * and a file is described by its name and digest.
 *
 * @param encrypted places in the body of a call that is not known, such as `receivers.*.name`
 */
export const createPayCallServer = (
	client: PayV3Client,
	encrypted: readonly string[] = [],
): CallServer => ({
	catalog: 'payCalls',
	checkPath: checkEnteredPayPath,
	complete(call, known) {
		checkAmounts(call.body);
		const { sealed } = toPayCall(known);
		return {
			...call,
			// What may stand in the path of a known call is encoded already.
			path: known ? call.path : call.path.split('/').map(encodeURIComponent).join('/'),
			encrypted: sealed?.body ?? encrypted,
			body: { ...describeUpload(call, known), ...call.body },
		};
	},
	openAnswer: async (answer, known) =>
		await decryptAnswer(answer, toPayCall(known).sealed?.answer ?? [], client),
});

type CallRecord = Catalogs[keyof Catalogs];

const toPayCall = (known?: CallRecord): Pick<Catalogs['payCalls'], 'sealed'> =>
	known && 'sealed' in known ? known : {};

/** Of the first file: what the call wants to know of it under its names, or under those that most calls have. */
function describeUpload({ files = {} }: Call, known?: CallRecord): Record<string, string> {
	const [file] = Object.values(files);
	if (!file) return {};
	const { filename, sha256 } = describeFile(file);
	const names = Object.keys(known?.body ?? { filename, sha256 }).map((name) =>
		name.replace('?', ''),
	);
	return Object.fromEntries(
		names
			.filter((name) => name in FILE_FACTS)
			.map((name) => [name, FILE_FACTS[name] ? sha256 : filename]),
	);
}

/** Names of money, which WeChat Pay counts in whole fen everywhere. */
const AMOUNT = /(?:^|_)(?:amount|amt|balance|cost|fee|money|price|refund|total)$/;

/** @throws {UserError} when an amount, at any depth, is not whole: it is one in yuan */
function checkAmounts(value: unknown, name = ''): void {
	if (Array.isArray(value)) return value.forEach((entry) => checkAmounts(entry, name));
	if (typeof value === 'object' && value !== null)
		return Object.entries(value).forEach(([key, inside]) => checkAmounts(inside, key));
	if (typeof value !== 'number' || Number.isInteger(value) || !AMOUNT.test(name)) return;
	const fen = readFen(value);
	if (typeof fen === 'number') return;
	throw new UserError(
		`"${name}" ${fen.problem}`,
		'WeChat Pay counts all amounts in fen (分): 100 are one yuan.',
		`“${name}”${fen.chinese}。`,
	);
}

import type { Note } from '../article/htmlTree';
import { ApiError } from '../api/apiError';
import { FILE_REFUSED, hasCode } from '../api/returnCodes';
import type { UploadedPicture } from '../api/services';
import { mapWithLimit } from '../base/mapWithLimit';
import { UserError, type Hints } from '../base/userError';
import { readPicture, uploadPicture, type PicturePurpose, type PictureWay } from './pictureUpload';

/** A picture that a draft needs. */
export interface WantedPicture {
	purpose: PicturePurpose;
	/** As {@link readPicture} takes it. */
	address: string;
	/** Names it in errors and notes. */
	place: string;
	line?: number;
	/** The draft may be made without it. */
	mayMiss: boolean;
	/** What else to do when it cannot be had, as a sentence. */
	remedy: Hints;
}

interface Uploaded {
	wanted: WantedPicture;
	picture: UploadedPicture;
}

interface Failure {
	wanted: WantedPicture;
	error: UserError;
}

/** Each waits for another server, then for WeChat. All of an ordinary article go at once. */
const PICTURES_AT_A_TIME = 16;
/** What to do about pictures that may be missing. */
export const LEAVE_OUT: Hints = {
	hint: 'To go on without such pictures, set Unavailable Pictures to Leave Out.',
	chinese: '如果可以不用这些图片，请将“无法使用的图片”设为“Leave Out”。',
};
/** Most failures that an error names. */
const MAX_NAMED = 5;

/**
 * Fetches each picture of a draft once and uploads it, several at a time. The notes say what was changed, and what was left out.
 *
 * @throws {UserError} when some that the draft needs cannot be had; it names them by their places.
 */
export async function uploadPictures(
	wanted: WantedPicture[],
	way: PictureWay,
): Promise<{ uploaded: Uploaded[]; notes: Note[] }> {
	const results = new Map<WantedPicture, Uploaded | Failure>();
	const work = mapWithLimit(listByAddress(wanted), PICTURES_AT_A_TIME, async (same) => {
		const bytes = readPicture(same[0].address, way);
		const upload = async (one: WantedPicture) => {
			try {
				const picture = await uploadPicture(await bytes, one.purpose, way);
				results.set(one, { wanted: one, picture });
			} catch (error) {
				if (!(error instanceof UserError) || isOfAccount(error)) throw error;
				results.set(one, { wanted: one, error });
			}
		};
		await Promise.all(same.map(upload));
	});
	// What is there is remembered, also when another one failed.
	await work.finally(way.saved.save);
	const all = wanted.flatMap((one) => results.get(one) ?? []);
	const uploaded = all.filter((one): one is Uploaded => 'picture' in one);
	const failures = all.filter((one): one is Failure => 'error' in one);
	const fatal = failures.filter(({ wanted: { mayMiss } }) => !mayMiss);
	if (fatal.length > 0) throw describeFailures(fatal);
	const lost = failures.map(({ wanted: one, error }) =>
		createNote(one, `was left out: ${error.message}`),
	);
	const changed = uploaded.flatMap(({ wanted: one, picture: { change } }) =>
		change ? createNote(one, change) : [],
	);
	return { uploaded, notes: [...lost, ...changed] };
}

/** What WeChat refuses to the account, such as one upload too many for today, concerns all pictures. */
const isOfAccount = (error: UserError): boolean =>
	error instanceof ApiError && !hasCode(error, FILE_REFUSED);

/** The first picture of a text is often its cover as well: it is fetched once. */
function listByAddress(wanted: WantedPicture[]): WantedPicture[][] {
	const lists = new Map<string, WantedPicture[]>();
	for (const one of wanted) lists.set(one.address, [...(lists.get(one.address) ?? []), one]);
	return [...lists.values()];
}

const createNote = ({ place, line }: WantedPicture, what: string): Note => ({
	rule: 'picture',
	line,
	text: `${place} ${what}.`,
});

/** Names each picture that cannot be had, by its place in the text. */
function describeFailures(failures: Failure[]): UserError {
	const [{ error }] = failures;
	const named = failures
		.slice(0, MAX_NAMED)
		.map(({ wanted: { place }, error: { message } }) => `${place}: ${message}`);
	const more = failures.length > MAX_NAMED ? `; and ${failures.length - MAX_NAMED} more` : '';
	const remedies = [...new Set(failures.map(({ wanted: { remedy } }) => remedy))];
	return error.with({
		message: `Nothing was saved. ${named.join('; ')}${more}`,
		hint: [error.hint, ...remedies.map(({ hint }) => hint)].filter(Boolean).join(' '),
		chinese: [
			`有 ${failures.length} 张图片无法使用，未保存任何内容。`,
			error.chinese,
			...remedies.map(({ chinese }) => chinese),
		].join(''),
	});
}

import { createServices } from '../../nodes/api/services';
import {
	createRecordStore,
	createStateSection,
	mergeStates,
	type State,
} from '../../nodes/api/state';
import { uploadPicture } from '../../nodes/Wechat/pictureUpload';
import { openSavedUploads, toUploadSection } from '../../nodes/api/savedUploads';
import { jpeg } from '../simulator/accounts/jpeg';

const DAY_MS = 24 * 3_600_000;
const NOON = Date.UTC(2026, 10, 28, 12);
const picture = { url: 'https://mmbiz.qpic.cn/1', mediaId: '', width: 4, height: 3 };

/** A credential that all processes share. */
function createCredential() {
	let state: State = { of: 'wx1' };
	let writes = 0;
	const store = createRecordStore({
		read: async () => state,
		async save(change) {
			writes++;
			state = mergeStates(state, { of: 'wx1', ...change });
		},
	});
	const section = createStateSection(store, toUploadSection('wx1'));
	const listed = () =>
		Object.values(state.shelves?.[toUploadSection('wx1')] ?? {}).filter(({ value }) => value);
	return { section, listed, writes: () => writes };
}

test('a picture that another process has uploaded is not uploaded again', async () => {
	const { section } = createCredential();
	const sent: string[] = [];
	const upload = async () => {
		const saved = openSavedUploads(section, () => NOON);
		const client = {
			key: 'wx1',
			services: createServices(),
			async fetchWebFile() {
				throw new Error('nothing to fetch');
			},
			async send({ path }: { path: string }) {
				sent.push(path);
				return { url: 'https://mmbiz.qpic.cn/1' };
			},
		};
		const uploaded = await uploadPicture(jpeg, 'text', { client, saved });
		await saved.save();
		return uploaded.url;
	};
	expect(await upload()).toBe('https://mmbiz.qpic.cn/1');
	expect(await upload()).toBe('https://mmbiz.qpic.cn/1');
	expect(sent).toEqual(['/cgi-bin/media/uploadimg']);
});

test('the newest hundred are kept, and those of one draft are one write', async () => {
	const { section, listed, writes } = createCredential();
	for (let draft = 0; draft < 4; draft++) {
		const saved = openSavedUploads(section, () => NOON + draft);
		for (let at = 0; at < 40; at++) saved.put(`${draft} ${at}`, picture);
		await saved.save();
	}
	expect(writes()).toBe(4);
	expect(listed()).toHaveLength(100);
	const saved = openSavedUploads(section, () => NOON + 4);
	expect(await saved.get('3 39')).toEqual(picture);
	expect(await saved.get('0 0')).toBeUndefined();
});

test('what is forgotten, and what is older than thirty days, is uploaded again', async () => {
	const { section } = createCredential();
	const first = openSavedUploads(section, () => NOON);
	first.put('kept', picture);
	first.put('gone', picture);
	await first.save();
	const second = openSavedUploads(section, () => NOON);
	second.remove('gone');
	await second.save();
	const at = async (now: number, name: string) =>
		await openSavedUploads(section, () => now).get(name);
	expect(await at(NOON + 1, 'gone')).toBeUndefined();
	expect(await at(NOON + 30 * DAY_MS - 1, 'kept')).toEqual(picture);
	expect(await at(NOON + 30 * DAY_MS, 'kept')).toBeUndefined();
});

// A credential may be deleted, or be another's, who lets it be used but not be changed.
test('a state that can neither be read nor written costs an upload, and no draft', async () => {
	const fail = async () => await Promise.reject(new Error('away'));
	const saved = openSavedUploads({ read: fail, get: fail, put: fail }, () => NOON);
	expect(await saved.get('a')).toBeUndefined();
	saved.put('a', picture);
	await expect(saved.save()).resolves.toBeUndefined();
});

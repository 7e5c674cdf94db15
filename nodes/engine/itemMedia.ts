import { createHash } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import type { AccountClient } from '../api/accountClient';
import { hasCode, MEDIA_GONE } from '../api/returnCodes';
import { openSavedUploads, toUploadSection, type SavedUploads } from '../api/savedUploads';
import type { UploadedMedia } from '../api/services';
import type { Upload } from '../base/multipart';
import { UserError } from '../base/userError';
import type { MediaKind, MediaUse, Values } from './fieldTypes';
import { listAccepted } from './mediaKinds';
import { setValueAt, type Wire } from './request';
import { prepareUpload, readGivenFile } from './upload';

/** WeChat keeps temporary media for three days; a run that waits needs some of that. */
const TEMPORARY_MS = 60 * 3_600_000;

/** What is run with an account, or can open it, such as a reply to its push. */
interface AccountOpener {
	openAccount(): Promise<AccountClient>;
}

/** The media of an item. */
interface ItemMedia {
	/** Uploads files that the account does not have yet, and puts their media IDs into the body. */
	place(wire: Pick<Wire, 'body' | 'media'>): Promise<void>;
	/** Does work, and once more when WeChat has lost a file that was uploaded before. */
	retryLost<T>(work: () => Promise<T>): Promise<T>;
}

/** Opens the media of an item. `client` is that of an account, or can open it. */
export function openItemMedia(
	context: IExecuteFunctions,
	client: unknown,
	item: number,
): ItemMedia {
	/** Those that were uploaded before. */
	const remembered: Array<() => void> = [];
	let saved: SavedUploads<UploadedMedia> | undefined;

	async function openAccount(): Promise<AccountClient> {
		const account = Object(client) as AccountClient & Partial<AccountOpener>;
		return account.openAccount ? await account.openAccount() : account;
	}

	async function findMediaId(
		{ field, values }: Wire['media'][number],
		value: string,
	): Promise<string> {
		const account = await openAccount();
		const { clock, media } = account.services;
		saved ??= openSavedUploads(account.section(toUploadSection(account.appId)), clock.now);
		const uploads = saved;
		const given = await readGivenFile(context, account, field, value, item);
		const { life, kind: use, convert } = field.media as MediaUse;
		const kind = typeof use === 'function' ? use(values) : use;
		const title = toTitle(given.declared.fileName ?? '') || kind;
		const purpose = convert ? ` ${JSON.stringify(convert('', title, values))}` : '';
		const content = createHash('sha256').update(given.bytes).update(purpose).digest('base64url');
		const name = `${life} ${kind} ${content}`;
		const key = `${account.key} ${name}`;
		const isAlive = ({ until = Infinity }: UploadedMedia) => until > clock.now();
		let isNew = false;

		async function findOrUpload(): Promise<UploadedMedia> {
			const before = await uploads.get(name);
			if (before && isAlive(before)) return before;
			isNew = true;
			const file = await prepareUpload({ ...field, accepts: listAccepted(life, kind) }, given);
			const uploadedId = await uploadFile(account, life, kind, file);
			const mediaId = convert
				? toMediaId(await account.send({ ...convert(uploadedId, title, values), safe: true }))
				: uploadedId;
			if (life === 'permanent') {
				uploads.put(name, { mediaId });
				return { mediaId };
			}
			const uploaded = { mediaId, until: clock.now() + TEMPORARY_MS };
			uploads.put(name, uploaded, TEMPORARY_MS);
			return uploaded;
		}

		// An upload that failed, or whose time is over, is not worth waiting for.
		const earlier = await media.get(key)?.catch(() => undefined);
		if (earlier && !isAlive(earlier)) media.delete(key);
		const uploading = media.get(key) ?? media.set(key, findOrUpload());
		const { mediaId } = await uploading.catch((error: unknown) => {
			if (media.get(key) === uploading) media.delete(key);
			throw error;
		});
		if (!isNew)
			remembered.push(() => {
				media.delete(key);
				uploads.remove(name);
			});
		return mediaId;
	}

	return {
		async place({ body, media }) {
			try {
				for (const one of media) {
					const ids: string[] = [];
					for (const value of listValues(one)) ids.push(await findMediaId(one, value));
					setValueAt(body, one.at, one.field.media?.isList ? ids : ids[0]);
				}
			} finally {
				// Also those before one that failed.
				await saved?.save();
			}
		},
		async retryLost(work) {
			try {
				return await work();
			} catch (error) {
				if (!hasCode(error, MEDIA_GONE) || remembered.length === 0) throw error;
				for (const forget of remembered) forget();
				return await work();
			}
		},
	};
}

/** An address may have commas in it, but not before the next one begins. */
function listValues({ field, values }: Wire['media'][number]): string[] {
	const value = String(values[field.name]).trim();
	if (!field.media?.isList) return [value];
	return value.split(field.isWebAddress ? /[\s,，]+(?=https?:\/\/)/i : /[\s,，]+/).filter(Boolean);
}

async function uploadFile(
	{ send }: AccountClient,
	life: MediaUse['life'],
	kind: MediaKind,
	file: Upload,
): Promise<string> {
	const title = toTitle(file.fileName);
	const isFilm = life === 'permanent' && kind === 'video';
	const answer = await send({
		path: life === 'permanent' ? '/cgi-bin/material/add_material' : '/cgi-bin/media/upload',
		query: { type: kind },
		...(isFilm && { body: { description: { title, introduction: title } } }),
		files: { media: file },
		// Twice the same file does no harm.
		safe: true,
	});
	return toMediaId(answer);
}

function toMediaId({ media_id: mediaId, thumb_media_id: thumbId }: Values): string {
	const id = mediaId ?? thumbId;
	if (id) return String(id);
	throw new UserError(
		'WeChat answered without a media ID',
		'Run the node again. If it stays so, see whether API Base URL in the credential leads to WeChat.',
		'微信的应答中没有 media_id：请再次运行节点；若仍如此，请检查凭据中的“接口地址”是否指向微信。',
	);
}

const toTitle = (fileName: string) => fileName.replace(/\.\w+$/, '');

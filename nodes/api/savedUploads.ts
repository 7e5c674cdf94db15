import { toTimeAfter } from '../base/clock';
import type { UploadedPicture } from './services';
import type { SectionEntries, StateSection } from './state';

const SECTION = 'uploads';
/** An entry has about 350 bytes, and the credential is written whole: more would cost every push and token. */
const MAX_SAVED = 100;
const DAY_MS = 24 * 3_600_000;
/** How long the newest uploads are remembered. */
const KEPT_MS = 30 * DAY_MS;

/** What an account has uploaded, for other processes and for the time after a restart. */
export interface SavedUploads<T = UploadedPicture> {
	get(name: string): Promise<T | undefined>;
	/** `keptMs` says how long it is remembered; 30 days unless said otherwise. */
	put(name: string, upload: T, keptMs?: number): void;
	remove(name: string): void;
	/** Saves all changes in one write. What cannot be saved is only uploaded once more. */
	save(): Promise<void>;
}

/** Names the section of the state that holds the uploads of an account. */
export const toUploadSection = (appId: string) => `${SECTION} ${appId}`;

/** Opens the uploads of an account: those of the last 30 days, at most 100. Nothing is read before one is asked for. */
export function openSavedUploads<T = UploadedPicture>(
	section: StateSection,
	now: () => number,
): SavedUploads<T> {
	let reading: Promise<SectionEntries> | undefined;
	const read = async () => await (reading ??= section.read().catch((): SectionEntries => ({})));
	const changes = new Map<string, { upload: T; keptMs: number } | undefined>();

	/** The entries to write: what changed, and the removal of the oldest ones that are too many. */
	async function listEntries(): Promise<SectionEntries> {
		const saved = await read();
		const entries: SectionEntries = {};
		for (const [name, change] of changes) {
			const at = toTimeAfter(saved[name]?.at, now());
			entries[name] = change ? { at, value: change.upload, until: at + change.keptMs } : { at };
		}
		const kept = Object.entries({ ...saved, ...entries })
			.filter(([, { value }]) => value !== undefined)
			.sort(([, one], [, other]) => other.at - one.at);
		for (const [name, { at }] of kept.slice(MAX_SAVED))
			entries[name] = { at: toTimeAfter(at, now()) };
		return entries;
	}

	return {
		async get(name) {
			if (changes.has(name)) return changes.get(name)?.upload;
			const { value, until = Infinity } = (await read())[name] ?? {};
			return until > now() ? (value as T | undefined) : undefined;
		},
		put: (name, upload, keptMs = KEPT_MS) => void changes.set(name, { upload, keptMs }),
		remove: (name) => void changes.set(name, undefined),
		async save() {
			if (changes.size === 0) return;
			const entries = await listEntries();
			changes.clear();
			await section.put(entries).catch(() => undefined);
		},
	};
}

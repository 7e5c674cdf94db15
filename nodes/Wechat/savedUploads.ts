import type { UploadedPicture } from '../api/services';
import type { SectionEntries, StateSection } from '../api/state';
import { toTimeAfter } from '../base/clock';

const SECTION = 'uploads';
/** An entry has about 350 bytes, and the credential is written whole: more would cost every push and token. */
const MAX_SAVED = 100;
const DAY_MS = 24 * 3_600_000;
/** How long the newest uploads are remembered. */
const KEPT_MS = 30 * DAY_MS;

/** What an account has uploaded, for other processes and for the time after a restart. */
export interface SavedUploads {
	get(name: string): Promise<UploadedPicture | undefined>;
	put(name: string, picture: UploadedPicture): void;
	remove(name: string): void;
	/** Saves all changes in one write. What cannot be saved is only uploaded once more. */
	save(): Promise<void>;
}

/** Names the section of the state that holds the uploads of an account. */
export const toUploadSection = (appId: string) => `${SECTION} ${appId}`;

/** Opens the uploads of an account: those of the last 30 days, at most 100. Nothing is read before one is asked for. */
export function openSavedUploads(section: StateSection, now: () => number): SavedUploads {
	let reading: Promise<SectionEntries> | undefined;
	const read = async () => await (reading ??= section.read().catch((): SectionEntries => ({})));
	const changes = new Map<string, UploadedPicture | undefined>();

	/** The entries to write: what changed, and the removal of the oldest ones that are too many. */
	async function listEntries(): Promise<SectionEntries> {
		const saved = await read();
		const entries: SectionEntries = {};
		for (const [name, value] of changes) {
			const at = toTimeAfter(saved[name]?.at, now());
			entries[name] = value ? { at, value, until: at + KEPT_MS } : { at };
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
			if (changes.has(name)) return changes.get(name);
			const { value, until = Infinity } = (await read())[name] ?? {};
			return until > now() ? (value as UploadedPicture | undefined) : undefined;
		},
		put: (name, picture) => void changes.set(name, picture),
		remove: (name) => void changes.set(name, undefined),
		async save() {
			if (changes.size === 0) return;
			const entries = await listEntries();
			changes.clear();
			await section.put(entries).catch(() => undefined);
		},
	};
}

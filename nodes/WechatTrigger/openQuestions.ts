import type { IWebhookFunctions } from 'n8n-workflow';
import { createStateSection, type SectionEntries } from '../api/state';
import { createCache } from '../base/cache';
import type { Clock } from '../base/clock';
import {
	createQuestionStore,
	listOpenQuestions,
	QUESTIONS,
	toAskedName,
	type Asked,
	type QuestionStore,
} from '../conversation/questionStore';
import { countWrites } from '../n8n/stateStore';
import { logFailure, type ReceivedPush } from './receivedPush';

/** How long a question of another process may take to be noticed; one of this process counts at once. */
const MAX_AGE_MS = 1000;
/** Where reading a credential takes long, such as with thousands of questions in it, it is read less often. */
const PAUSE_FOR_READING = 30;
const LONGEST_AGE_MS = 10_000;
const MAX_CREDENTIALS = 200;
const MINUTE_MS = 60_000;
/** Pushes that are remembered: another trigger may get the same one. */
const MAX_HEARD = 10_000;

/** What a process knows of the questions that runs wait with. */
export interface OpenQuestions {
	/** Whether a person has an open question. What goes wrong is for the log. */
	isAsked(context: IWebhookFunctions, received: ReceivedPush, asked: Asked): Promise<boolean>;
	openStore(received: ReceivedPush): QuestionStore;
	/** Runs work for one person at a time: the second of two messages is about what the first has left. */
	runInTurn<T>(asked: Asked, work: () => Promise<T>): Promise<T>;
	/** Whether a push was a response, by dedupe key. Missing until it is known. */
	heard: Pick<ReturnType<typeof createCache<boolean>>, 'get' | 'set'>;
}

/** What all processes have stored in a credential, as it was a moment ago. */
interface Reading {
	entries: Promise<SectionEntries>;
	writes: number;
	startedAt: number;
	/** How long it counts. */
	lastsMs: number;
}

/**
 * Creates what finds open questions: in Redis with one command for each message. In the credential all messages of a
 * second share one reading, because each decrypts the whole credential.
 */
export function createOpenQuestions(clock: Clock): OpenQuestions {
	const readings = createCache<Reading>({ max: MAX_CREDENTIALS });
	const failures = createCache<true>({ max: MAX_CREDENTIALS, ttl: MINUTE_MS, now: clock.now });
	const turns = new Map<string, Promise<unknown>>();
	const openSection = ({ credential }: ReceivedPush) =>
		createStateSection(credential.store, QUESTIONS);

	async function readShared(received: ReceivedPush): Promise<SectionEntries> {
		const { id, saved, secrets } = received.credential;
		const key = `${id} ${secrets.appId}`;
		const now = clock.now();
		const writes = countWrites(id);
		const known = readings.get(key);
		const lastsMs = known?.lastsMs ?? MAX_AGE_MS;
		const isFresh = (reading: Pick<Reading, 'writes' | 'startedAt'>) =>
			reading.writes === writes && Math.abs(now - reading.startedAt) < lastsMs;
		// The keys of this push may have just been read from it.
		if (isFresh(saved)) return saved.sections[QUESTIONS] ?? {};
		if (known && isFresh(known)) return await known.entries;
		const entries = openSection(received).read();
		const reading = readings.set(key, { entries, writes, startedAt: now, lastsMs });
		const end = () => {
			const pause = PAUSE_FOR_READING * (clock.now() - now);
			reading.lastsMs = Math.min(Math.max(pause, MAX_AGE_MS), LONGEST_AGE_MS);
		};
		entries.then(end, () => readings.delete(key));
		return await entries;
	}

	async function findGroup(received: ReceivedPush, name: string) {
		if (received.credential.openSpace) return await openSection(received).get(name);
		return (await readShared(received))[name];
	}

	return {
		async isAsked(context, received, asked) {
			try {
				const group = await findGroup(received, toAskedName(asked));
				return listOpenQuestions(group, clock.now()).length > 0;
			} catch (error) {
				// What is wrong with a store is wrong for each push: it is told once a minute.
				const { id } = received.credential;
				if (!failures.get(id)) logFailure(context, error);
				failures.set(id, true);
				return false;
			}
		},
		openStore: (received) => createQuestionStore(openSection(received), clock),
		async runInTurn(asked, work) {
			const name = toAskedName(asked);
			const before = turns.get(name) ?? Promise.resolve();
			const turn = before.catch(() => {}).then(work);
			turns.set(name, turn);
			try {
				return await turn;
			} finally {
				if (turns.get(name) === turn) turns.delete(name);
			}
		},
		heard: createCache<boolean>({ max: MAX_HEARD }),
	};
}

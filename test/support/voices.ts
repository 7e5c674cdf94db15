/** For contributors: voices as WeChat sends them, and sounds as speech models do. test/fixtures/voices says what they are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../fixtures/voices');

/** Of AMR-NB, and of AMR-WB. */
export type VoiceName = 'narrow' | 'wide';

export const SECONDS = 5;
const MAGIC: Record<VoiceName, string> = { narrow: '#!AMR\n', wide: '#!AMR-WB\n' };

/** A voice of five seconds, that many times: AMR frames follow each other without anything between them. */
export function readVoice(name: VoiceName, times = 1): Buffer {
	const voice = readFileSync(join(FOLDER, `${name}.amr`));
	const frames = voice.subarray(MAGIC[name].length);
	return Buffer.concat([voice, ...Array.from({ length: times - 1 }, () => frames)]);
}

/** A tone of 440 Hz, as samples from -1 to 1. */
export const createTone = (seconds: number, sampleRate: number): Float32Array =>
	Float32Array.from(
		{ length: Math.round(seconds * sampleRate) },
		(_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / sampleRate),
	);

/** Encoders add up to 0.2 seconds at the ends of an MP3. */
export function expectMp3Of(seconds: number, found: unknown): void {
	expect(found).toBeGreaterThanOrEqual(seconds);
	expect(found).toBeLessThanOrEqual(seconds + 0.2);
}

/** For contributors: small valid files of each kind, as real programs have written them. */
import files from '../fixtures/files.json';

/** Names of the files. */
export const SAMPLES = Object.keys(files);

/** The bytes of a file, e.g. `jpg`, or `mp3 with a tag`. */
export function readSample(name: string): Buffer {
	const found = (files as Record<string, { base64: string } | undefined>)[name];
	if (!found) throw new Error(`There is no sample ${name}`);
	return Buffer.from(found.base64, 'base64');
}

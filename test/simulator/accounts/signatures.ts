/** How files of a kind begin, by their extension. Bytes are written as Latin 1. */
const SIGNATURES: Record<string, RegExp> = {
	'.jpg': /^\xff\xd8\xff/,
	'.png': /^\x89PNG\r\n\x1a\n/,
	'.gif': /^GIF8[79]a/,
	'.bmp': /^BM/,
	'.amr': /^#!AMR/,
	// With a tag, or at once with a frame of layer III.
	'.mp3': /^(ID3|\xff[\xe2\xe3\xf2\xf3\xfa\xfb])/,
	'.wav': /^RIFF[^]{4}WAVE/,
	'.wma': /^\x30\x26\xb2\x75\x8e\x66\xcf\x11/,
	'.mp4': /^[^]{4}ftyp/,
};
SIGNATURES['.jpeg'] = SIGNATURES['.jpg'];

const HEAD_BYTES = 16;

/** Whether a file is of one of these kinds, whatever its name says. */
export function isOneOf(bytes: Buffer, extensions: string[]): boolean {
	const head = bytes.toString('latin1', 0, HEAD_BYTES);
	return extensions.some((extension) => SIGNATURES[extension]?.test(head));
}

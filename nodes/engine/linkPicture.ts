import type { Download } from '../api/download';
import type { Field } from './define';
import { binaryField } from './fields';

/** Whether to get a link as a QR code as well, and where to put it. */
export const linkPicture = [
	{
		displayName: 'QR Code Image (二维码图片)',
		name: 'image',
		type: 'boolean',
		wire: false,
		default: true,
		description:
			'Whether to get the link as a QR code as well, as a PNG file for the owner to scan',
	},
	{ ...binaryField, displayOptions: { show: { image: [true] } } },
] as const satisfies Field[];

/** What the largest QR code holds, of bytes with the error correction M: ISO/IEC 18004, version 40. */
const MAX_BYTES = 2331;

/** Whether an address fits into a QR code. */
export const isDrawable = (address: string): boolean => Buffer.byteLength(address) <= MAX_BYTES;

/** Grey and unfiltered: a third of the size of what the library makes by itself. */
const RENDERER = { colorType: 0, filterType: 0, deflateStrategy: 0 };

/** Draws an address for phones to scan, see {@link isDrawable}. Loads the library only now, to keep the start of n8n fast. */
export async function drawLink(address: string, fileName: string): Promise<Download> {
	const { toBuffer } = await import('qrcode');
	const options = { margin: 4, scale: 6, rendererOpts: RENDERER };
	const bytes = await toBuffer(address, { ...options, type: 'png' });
	return { bytes, fileName, contentType: 'image/png' };
}

/** The picture of an address, for phones to scan. The library is loaded when it is needed, not with n8n. */
export async function qrCodeOf(address: string): Promise<Buffer> {
	const { toBuffer } = await import('qrcode');
	return await toBuffer(address, { type: 'png', margin: 4, scale: 6 });
}

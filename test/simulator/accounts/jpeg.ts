/** A complete grey picture of 8×8 pixels: baseline JPEG, one block, the shortest Huffman tables. */
export const jpeg = Buffer.concat([
	segment('d8'),
	segment('e0', `${hex('JFIF')}00 0101 00 0001 0001 00 00`),
	segment('db', `00 ${'01'.repeat(64)}`),
	segment('c0', '08 0008 0008 01 01 11 00'),
	huffmanTable('00'),
	huffmanTable('10'),
	segment('da', '01 01 00 00 3f 00'),
	// One bit "difference 0", one bit "end of block", six bits of filling.
	Buffer.from('3f', 'hex'),
	segment('d9'),
]);

/** A table whose only code is one bit long and stands for 0. */
function huffmanTable(id: string): Buffer {
	return segment('c4', `${id} 01 ${'00'.repeat(15)} 00`);
}

function segment(marker: string, content?: string): Buffer {
	const head = Buffer.from(`ff${marker}`, 'hex');
	if (content === undefined) return head;
	const bytes = Buffer.from(content.replaceAll(' ', ''), 'hex');
	const length = Buffer.alloc(2);
	length.writeUInt16BE(bytes.length + 2);
	return Buffer.concat([head, length, bytes]);
}

function hex(text: string): string {
	return Buffer.from(text).toString('hex');
}

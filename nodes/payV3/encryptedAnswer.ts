import type { PayV3Client } from './payV3Client';

/**
 * Decrypts the texts of an answer that WeChat Pay encrypted for the merchant, such as the telephone number of a user
 * who complains. The answer itself stays as it is.
 *
 * @param places such as `payer_phone` or `data.*.payer_phone`, where `*` is each entry of a list
 * @throws {UserError} when one was encrypted for another certificate
 * @see https://pay.weixin.qq.com/doc/v3/merchant/4013053265
 */
export async function decryptAnswer<T>(
	answer: T,
	places: readonly string[],
	{ decryptField }: Pick<PayV3Client, 'decryptField'>,
): Promise<T> {
	let decrypted: unknown = answer;
	for (const place of places)
		decrypted = await decryptAt(decrypted, place.split('.'), decryptField);
	return decrypted as T;
}

async function decryptAt(
	value: unknown,
	[step, ...rest]: string[],
	decrypt: (text: string) => Promise<string>,
): Promise<unknown> {
	if (step === undefined)
		return typeof value === 'string' && value !== '' ? await decrypt(value) : value;
	if (step === '*')
		return Array.isArray(value)
			? await Promise.all(value.map(async (entry) => await decryptAt(entry, rest, decrypt)))
			: value;
	if (typeof value !== 'object' || value === null || !(step in value)) return value;
	const object = value as Record<string, unknown>;
	return { ...object, [step]: await decryptAt(object[step], rest, decrypt) };
}

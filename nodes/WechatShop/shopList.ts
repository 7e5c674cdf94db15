import type { Call, Client } from '../api/apiClient';
import { mapWithLimit } from '../base/mapWithLimit';
import { splitSeconds } from '../engine/beijingTime';
import { readLimit } from '../engine/fields';
import type { Values } from '../engine/define';

/** How many entries are asked for at a time. */
const AT_A_TIME = 5;

interface Ranged {
	/** The most seconds of a call. */
	span: number;
	/** Puts the range of a call into its body. */
	place(from: number, to: number): Values;
}

/** Lists what happened within a range of any length, span by span, until the item has as many as it asks for. */
export async function listRange(
	{
		params,
		call,
		io,
	}: { params: Values; call: Call; io: { list(call: Call): Promise<unknown[]> } },
	now: number,
	{ span, place }: Ranged,
): Promise<string[]> {
	const limit = readLimit(params);
	const found = new Set<string>();
	for (const { from, to } of splitSeconds(span, params.from, params.to, now)) {
		if (found.size >= limit) break;
		const body = { ...call.body, ...place(from, to) };
		for (const id of await io.list({ ...call, body })) found.add(String(id));
	}
	return [...found].slice(0, limit);
}

/** The entries of a list of IDs: with one more call for each, or the IDs only. */
export async function requestEntries(
	client: Pick<Client, 'send'>,
	ids: string[],
	{ name, isDetailed, path, at }: { name: string; isDetailed: unknown; path: string; at: string },
): Promise<object[]> {
	if (!isDetailed) return ids.map((id) => ({ [name]: id }));
	return await mapWithLimit(ids, AT_A_TIME, async (id) => {
		const answer = await client.send({ path, body: { [name]: id }, safe: true, isShown: true });
		// A product that was never on sale has only a draft.
		return answer[at] ?? answer;
	});
}

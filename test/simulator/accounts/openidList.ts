/**
 * A list of openids read in pages by cursor. Removed ones keep their place, so that a cursor stays
 * good while its user unfollows or loses the tag.
 */
export class OpenidList {
	private readonly order: string[] = [];
	private readonly places = new Map<string, number>();
	private readonly present = new Set<string>();

	get size(): number {
		return this.present.size;
	}

	has(openid: string): boolean {
		return this.present.has(openid);
	}

	add(openid: string): void {
		if (!this.places.has(openid)) this.places.set(openid, this.order.push(openid) - 1);
		this.present.add(openid);
	}

	remove(openid: string): void {
		this.present.delete(openid);
	}

	/** The page after `cursor` ('' = from the start); undefined when the cursor was never listed. */
	page(cursor: string, size: number): string[] | undefined {
		const place = cursor === '' ? -1 : this.places.get(cursor);
		if (place === undefined) return undefined;
		const page: string[] = [];
		for (let at = place + 1; at < this.order.length && page.length < size; at++) {
			if (this.present.has(this.order[at])) page.push(this.order[at]);
		}
		return page;
	}
}

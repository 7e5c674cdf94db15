import type { Shelf, Store } from './state';

/** One part of what is stored, see State.shelves. */
export interface OneShelf {
	read(): Promise<Shelf>;
	/** Puts entries over those of the same names; others stay. */
	put(entries: Shelf): Promise<void>;
}

export const shelfIn = (store: Store, name: string): OneShelf => ({
	read: async () => (await store.read()).shelves?.[name] ?? {},
	put: async (entries) => await store.save({ shelves: { [name]: entries } }),
});

import type { IExecuteFunctions } from 'n8n-workflow';
import { clientsOf } from '../host/account';
import { openBook, rulesOf, type RuleBook } from '../replies/book';
import { inOrder } from '../replies/match';
import { shapeOf } from '../replies/shape';
import type { Librarian } from './resources/rule';

/** The rules of each account in a run, read once and kept once, however many items change them. */
export function librariansOf(context: IExecuteFunctions): {
	of(item: number): Promise<Librarian & { appId: string }>;
	/** Keeps what was changed. */
	save(): Promise<void>;
} {
	const clientOf = clientsOf(context);
	const books = new Map<string, Promise<RuleBook>>();
	return {
		async of(item) {
			const { appId, shelf } = await clientOf(item);
			const opened = books.get(appId) ?? openBook(shelf(rulesOf(appId)));
			books.set(appId, opened);
			const book = await opened;
			const send = async () => ({ rules: inOrder(book.rules()).map(shapeOf) });
			return { appId, book, send };
		},
		async save() {
			// A book that could not be opened has failed its own items.
			for (const opened of books.values()) await (await opened.catch(() => undefined))?.save();
		},
	};
}

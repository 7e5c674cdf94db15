import type { Simulator, SimulatorEvent } from '../simulator';
import type { Chat } from './chat';
import type { Feed } from './feed';
import { toReaderPage } from './readerPage';

type Published = Extract<SimulatorEvent, { type: 'publication' }>;

/** Where WeChat has pictures: of an article's text, and of its library. */
const PICTURE = /https?:\/\/mmbiz\.qpic\.cn\/mmbiz(?:_\w+)?\/([\w-]+)\/\d+(?:\?[\w=&;]*)?/g;

/** Articles that accounts have published, as people read them in WeChat. */
export class Articles {
	/** By number, counted from 1. */
	private readonly pages: string[] = [];

	constructor(
		private readonly simulator: Simulator,
		private readonly feed: Feed,
	) {}

	/** Shows what an account has published. */
	hear({ articles }: Published, { id: account }: Chat): void {
		for (const article of articles) {
			const [title, author, content, cover] = [
				article.title,
				article.author,
				article.content,
				article.thumb_media_id,
			].map((value) => String(value ?? ''));
			this.pages.push(toReaderPage({ title, author, content: this.withPictures(content) }));
			const id = String(this.pages.length);
			const src = cover && this.simulator.mediaUrl(cover);
			this.feed.put({ type: 'article', id, account, title, cover: src || undefined });
		}
	}

	/** The page of an article, as HTML that may hold anything. */
	read(id: string): string | undefined {
		return this.pages[Number(id) - 1];
	}

	/** The simulator has the pictures, not WeChat. */
	private withPictures(content: string): string {
		return content.replace(PICTURE, (_, id: string) => this.simulator.mediaUrl(id));
	}
}

import { readList, readObject, type Answer } from '../api/response';
import { listPictures, toMarkdown, toText } from '../article/toMarkdown';
import { escapeMarkup } from '../base/html';

type OutputFormat = 'markdown' | 'text';

/**
 * Reads the articles of a draft or a publication as WeChat answers them, each with its text in a format that people and
 * models read.
 */
export const readArticles = async (answer: Answer, format: OutputFormat): Promise<object[]> =>
	await Promise.all(
		readList(answer.news_item).map(async (one) => await readArticle(readObject(one), format)),
	);

async function readArticle(article: Answer, format: OutputFormat): Promise<object> {
	const { title, author, digest, url, article_type, content } = article;
	const isPost = article_type === 'newspic';
	const html = isPost ? toHtml(String(content ?? '')) : String(content ?? '');
	const text =
		format === 'text' ? { text: await toText(html) } : { markdown: await toMarkdown(html) };
	const pictures = isPost ? listPostPictures(article) : await listPictures(html);
	return { title, author, digest, url, ...text, pictures };
}

/** The content of a post of pictures is plain text, and its lines count. */
const toHtml = (text: string): string => escapeMarkup(text).replace(/\r?\n/g, '<br>');

/** WeChat's page lists their media IDs only; whether addresses come as well is unconfirmed. */
const listPostPictures = ({ image_info }: Answer): string[] =>
	readList(readObject(image_info).image_list).map((one) => {
		const { image_url, image_media_id } = readObject(one);
		return String(image_url ?? image_media_id ?? '');
	});

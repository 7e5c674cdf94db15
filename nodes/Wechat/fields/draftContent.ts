import type { Field, Values } from '../../engine/define';
import { articleFields } from './article';

export const define = {
	displayName: 'Define Using (填写方式)',
	name: 'define',
	type: 'options',
	wire: false,
	options: [
		{ name: 'Form', value: 'form' },
		{ name: 'JSON', value: 'json' },
	],
	default: 'form',
	description: 'Whether to fill in fields or to hand over what WeChat calls articles',
} as const satisfies Field;

export const byForm = { displayOptions: { show: { define: ['form'] } } };

export const byJson = { displayOptions: { show: { define: ['json'] } } };

/** The fields of an article, for operations on a single article. */
export const single = articleFields.map((field) => {
	const { displayOptions } = field;
	const show = { ...byForm.displayOptions.show, ...displayOptions?.show };
	return putInArticles({ ...field, displayOptions: { show } });
});

function putInArticles(field: Field): Field {
	if (field.type !== 'collection')
		return { ...field, wire: `articles.${field.wire || field.name}` };
	return { ...field, options: (field.options as Field[]).map(putInArticles) };
}

/**
 * Reads a list of articles, a single one, the body on WeChat's page (`articles`), or a draft as WeChat answers it
 * (`news_item`, in a list of drafts inside `content`).
 */
export function readArticles(given: unknown): unknown[] {
	const { content, articles, news_item = articles } = Object(given) as Values;
	// The content of an article is a text, that of a draft has a list.
	if (typeof content === 'object') return readArticles(content);
	return news_item === undefined ? [given].flat() : readArticles(news_item);
}

/** For lists of drafts and of publications. */
export const withContent = {
	displayName: 'Content (内容)',
	name: 'no_content',
	type: 'options',
	options: [
		{ name: 'Leave Out', value: 1, description: 'Only IDs and times' },
		{ name: 'With All Articles', value: 0 },
	],
	default: 0,
	description: 'Whether to get the articles with their texts, too',
} as const satisfies Field;

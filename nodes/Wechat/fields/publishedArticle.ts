import type { Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

export const publishedArticle = {
	displayName: 'Published Article (已发布文章)',
	name: 'article_id',
	...createLocator('searchPublications', { placeholder: 'e.g. b8A0pG0wYcJ4nEhP1sLabT5uQmVx…' }),
	required: true,
	description: 'Choose from the list, or enter the article_id that Get State returned',
} as const satisfies Field;

import { el, outward } from './element.js';
import { has, language, t } from './texts.js';

const FAULT_NOTICE = '该公众号提供的服务出现故障，请稍后再试';
const SPEAKERS = { user: 'you', account: 'them', wechat: 'wechat' };

/** One entry of the conversation; `choose` is called with an item of a menu message. */
export function entry({ id, from, at, bubble }, choose) {
	const isNotice = bubble.kind === 'note' || bubble.kind === 'fault';
	const time = new Date(at).toLocaleTimeString(language, { timeStyle: 'short' });
	return el(
		'article',
		{ id, class: `entry ${isNotice ? 'notice' : from} ${bubble.kind}` },
		el('span', { class: 'hidden' }, `${t(SPEAKERS[from])}, ${time}: `),
		el('div', { class: 'bubble' }, shapes[bubble.kind](bubble, from, choose)),
	);
}

const linked = (parts) =>
	parts.map(({ text, href }) => (href === undefined ? text : outward(href, text)));

const shapes = {
	text: ({ parts }) => [el('p', {}, linked(parts))],

	image: ({ src }, from) => [
		el('img', { src, alt: t(from === 'user' ? 'pictureOfYou' : 'pictureOfThem') }),
	],

	location: ({ label, latitude, longitude }) => [
		el('p', { class: 'small' }, t('location')),
		el('p', { class: 'heading' }, label),
		el('p', { class: 'small' }, `${latitude}, ${longitude}`),
	],

	news: ({ articles }) => articles.map(article),

	card: ({ of, title, description, url }) => [
		el('p', { class: 'small' }, t(of)),
		title && el('p', { class: 'heading' }, title),
		description && el('p', {}, description),
		url && el('p', {}, outward(url, t('open'))),
	],

	choice: ({ head, items, tail }, _from, choose) => [
		el('p', {}, linked(head)),
		...items.map((item) =>
			el('button', { type: 'button', class: 'choice', onclick: () => choose(item) }, item.content),
		),
		el('p', {}, linked(tail)),
	],

	fault: () => [
		el('p', { lang: 'zh-CN' }, FAULT_NOTICE),
		el('p', { class: 'small' }, t('faultMeaning')),
	],

	note: ({ what, detail, url }) => [
		el('p', {}, has(what) ? t(what, detail) : what, url ? [' ', outward(url, url)] : ''),
	],
};

/** The first card is a large one. */
function article({ title, description, picture, url }, index) {
	const content = [
		picture && el('img', { src: picture, alt: '', referrerpolicy: 'no-referrer' }),
		el('span', { class: 'heading' }, title),
		description && el('span', { class: 'small' }, description),
	].filter(Boolean);
	const name = index === 0 ? 'article first' : 'article';
	return el('p', { class: name }, url ? outward(url, content) : content);
}

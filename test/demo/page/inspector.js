import { copyButton, el } from './element.js';
import { language, t } from './texts.js';

/** Shows a push, or shows again one that has changed; what the reader has opened stays open. */
export function showPush(list, push) {
	const known = list.querySelector(`[data-push="${push.id}"]`);
	const details = known ?? el('details', { 'data-push': push.id });
	details.replaceChildren(summary(push), ...push.deliveries.map(delivery));
	if (known) return;
	for (const other of list.querySelectorAll('details')) other.open = false;
	details.open = true;
	list.prepend(el('li', {}, details));
}

function summary({ title, at, appId, outcome, deliveries }) {
	const time = new Date(at).toLocaleTimeString(language);
	const ms = deliveries.reduce((sum, { answer }) => sum + (answer?.ms ?? 0), 0);
	return el(
		'summary',
		{},
		el('strong', {}, title),
		' ',
		badge(outcome),
		el('span', { class: 'small' }, ` ${outcome ? `${ms} ms · ` : ''}${time} · ${appId}`),
	);
}

const GOOD = ['reply', 'success'];

function badge(outcome) {
	const kind = outcome === undefined ? 'open' : GOOD.includes(outcome) ? 'good' : 'bad';
	return el('span', { class: `badge ${kind}` }, t(outcome ?? 'waiting'));
}

function delivery({ url, body, plain, answer }, index) {
	const ms = answer ? ` ${answer.ms} ms` : '';
	return el(
		'div',
		{ class: 'delivery' },
		el('h3', {}, `${t('delivery', String(index + 1))} `, badge(answer?.outcome), ms),
		answer?.problem && el('p', { class: 'bad-text' }, t('problemOfAnswer', answer.problem)),
		plain && block('plain', plain),
		block('request', `POST ${url}\n\n${body}`),
		answer?.plain && block('plainAnswer', answer.plain),
		answer?.body !== undefined &&
			block('answer', `HTTP ${answer.status}\n\n${answer.body || t('emptyAnswer')}`),
	);
}

function block(name, text) {
	const label = t(name);
	return el(
		'figure',
		{ 'data-block': name },
		el('figcaption', {}, label, copyButton(label, text)),
		el('pre', { tabindex: '0', role: 'region', 'aria-label': label }, text),
	);
}

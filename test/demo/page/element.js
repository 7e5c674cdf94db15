import { t } from './texts.js';

/** Makes an element. Text stays text: nothing here reads HTML. */
export function el(name, attributes = {}, ...children) {
	const element = document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) {
		if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
		else if (value !== undefined && value !== false) {
			element.setAttribute(key, value === true ? '' : value);
		}
	}
	element.append(...children.flat().filter(Boolean));
	return element;
}

export const $ = (selector) => document.querySelector(selector);

/** A link that leaves the page. */
export const outward = (href, ...children) =>
	el('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children);

/** A button that copies a text, and says so for a moment. */
export function copyButton(label, text) {
	const button = el('button', { type: 'button', class: 'copy', onclick: copy });
	const say = (words, name) => {
		button.textContent = words;
		button.setAttribute('aria-label', name);
	};
	const offer = () => say(t('copy'), t('copyOf', label));
	async function copy() {
		await navigator.clipboard.writeText(text);
		say(t('copied'), t('copied'));
		setTimeout(offer, 1500);
	}
	offer();
	return button;
}

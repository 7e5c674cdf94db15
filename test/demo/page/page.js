import { entry } from './chat.js';
import { $, copyButton, el, outward } from './element.js';
import { showPush } from './inspector.js';
import { language, setLanguage, t } from './texts.js';

/** Everything the simulator has told, by type and id. */
const items = { account: {}, bubble: {}, push: {}, typing: {}, release: {}, article: {} };
let chosen = 'own';

const account = () => items.account[chosen];

/** Asks the simulator for something; a problem is shown, and answered with false. */
async function ask(path, input, content = JSON.stringify(input), type = 'application/json') {
	try {
		const headers = { 'content-type': type };
		const response = await fetch(`/demo/${path}`, { method: 'POST', headers, body: content });
		if (response.ok) return tell('');
		const { code, detail } = await response.json();
		return tell(t(`problem ${code}`, detail));
	} catch {
		return tell(t('lost'));
	}
}

const act = (name, input) => ask(`${chosen}/${name}`, input ?? {});

function tell(problem) {
	const place = $('#problem');
	place.textContent = problem;
	place.hidden = problem === '';
	return problem === '';
}

// What is shown

function showTexts() {
	document.documentElement.lang = language;
	document.title = t('title');
	for (const one of document.querySelectorAll('[data-text]')) {
		one.textContent = t(one.dataset.text);
	}
	for (const one of document.querySelectorAll('[data-label]')) {
		one.setAttribute('aria-label', t(one.dataset.label));
	}
	for (const one of document.querySelectorAll('[data-placeholder]')) {
		one.placeholder = t(one.dataset.placeholder);
	}
	for (const button of document.querySelectorAll('[data-language]')) {
		button.setAttribute('aria-pressed', String(button.dataset.language === language));
	}
}

function showAccount() {
	const shown = account();
	if (!shown) return;
	const { name, isFollowing, step, url, credential, menu, offers } = shown;
	$('#bot').hidden = !items.account.bot;
	for (const one of document.querySelectorAll('[data-offer]'))
		one.hidden = !offers.includes(one.dataset.offer);
	for (const one of document.querySelectorAll('[data-of=account]')) one.hidden = step !== undefined;
	$('#name').textContent = name;
	$('#following').textContent = t(
		step ? `bot ${step}` : isFollowing ? 'isFollowing' : 'isNotFollowing',
	);
	$('#follow').textContent = step ? t(STEPS[step].text) : t(isFollowing ? 'unfollow' : 'follow');
	$('#follow').hidden = step !== undefined && !STEPS[step].action;
	$('#connected').replaceChildren(
		step ? loginLink(url) : t(url ? 'isConnected' : 'isNotConnected', url),
	);
	const values = credential.flatMap(([field, value]) => [
		el('dt', {}, t(field)),
		el('dd', {}, el('code', {}, value), copyButton(t(field), value)),
	]);
	$('#credential').replaceChildren(...values);
	showMenu(isFollowing ? menu : []);
}

/** What the button of a bot does next. */
const STEPS = {
	noCode: { text: 'scanCode' },
	code: { action: 'scan', text: 'scanCode' },
	scanned: { action: 'confirm', text: 'confirmLogin' },
	loggedIn: { action: 'remove', text: 'removeBot' },
	removed: { text: 'scanCode' },
};

const loginLink = (url) => (url ? outward(url, t('loginPage')) : t('noLoginPage'));

let shownMenu = '';

/** Only a menu that has changed is built anew, so that it does not close under the reader's finger. */
function showMenu(menu) {
	const text = JSON.stringify([menu, chosen]);
	if (text === shownMenu) return;
	shownMenu = text;
	const bar = $('#menu');
	bar.hidden = menu.length === 0;
	bar.replaceChildren(...menu.map(menuButton));
}

function menuButton({ name, sub_button: subs = [] }, index) {
	const press = (...path) => act('press', { path });
	if (subs.length === 0) {
		return el('button', { type: 'button', onclick: () => press(index) }, name);
	}
	const id = `menu-${index}`;
	const list = el(
		'div',
		{ id, class: 'sub-menu', hidden: true },
		subs.map((sub, place) => {
			const onclick = () => {
				openSubMenu();
				opener.focus();
				return press(index, place);
			};
			return el('button', { type: 'button', onclick }, sub.name);
		}),
	);
	const opener = el(
		'button',
		{
			type: 'button',
			'aria-expanded': 'false',
			'aria-controls': id,
			onclick: () => openSubMenu(list.hidden ? list : undefined),
		},
		name,
	);
	return el('div', { class: 'with-sub-menu' }, list, opener);
}

/** Opens one, closes the others. */
function openSubMenu(wanted) {
	for (const list of document.querySelectorAll('.sub-menu')) {
		list.hidden = list !== wanted;
		list.nextElementSibling.setAttribute('aria-expanded', String(!list.hidden));
	}
	wanted?.querySelector('button').focus();
}

function showBubble(item) {
	if (item.account !== chosen || document.getElementById(item.id)) return;
	const messages = $('#messages');
	messages.querySelector('.empty')?.remove();
	const choose = (one) => act('choose', one);
	const shown = entry(item, choose);
	messages.append(shown);
	const toEnd = () => (messages.scrollTop = messages.scrollHeight);
	shown.querySelector('img')?.addEventListener('load', toEnd);
	toEnd();
}

/** As on the page of the account (公众号主页): the newest first. */
function showArticles() {
	const shown = Object.values(items.article).filter((article) => article.account === chosen);
	$('#articles').hidden = shown.length === 0;
	const newest = shown.toReversed().slice(0, 2);
	$('#articles').replaceChildren(
		el('span', { class: 'small' }, t('articles')),
		...newest.map(({ id, title, cover }) => {
			const picture = cover && el('img', { src: cover, alt: '' });
			const onclick = () => openArticle(id, title);
			return el('button', { type: 'button', onclick }, picture, el('span', {}, title));
		}),
	);
}

/** Nothing in the frame can run, or reach this page. */
function openArticle(id, title) {
	const frame = $('#reader iframe');
	frame.src = `/demo/articles/${id}`;
	frame.title = title;
	$('#reader').showModal();
}

function showTyping() {
	const words = chosen === 'bot' ? 'botTyping' : 'typing';
	$('#typing').textContent = items.typing[chosen]?.isTyping ? t(words) : '';
}

function showPushes() {
	const shown = Object.values(items.push).filter((push) => push.account === chosen);
	for (const push of shown) showPush($('#pushes'), push);
	$('#nothing').textContent = t(chosen === 'bot' ? 'nothingForBot' : 'nothing');
	$('#nothing').hidden = shown.length > 0;
}

function showRelease() {
	const release = items.release.release;
	if (!release) return;
	const { isRunning, steps } = release;
	const lines = steps.map(({ step, ok, problem }) =>
		el(
			'li',
			{ class: ok ? 'good' : 'bad' },
			el('span', { class: 'mark', 'aria-hidden': 'true' }, ok ? '✓' : '✗'),
			t(`step ${step}`),
			' ',
			el('span', { class: 'badge' }, t(ok ? 'stepPassed' : 'stepFailed')),
			problem && el('span', { class: 'reason' }, problem),
		),
	);
	$('#steps').replaceChildren(...lines);
	const failed = steps.filter(({ ok }) => !ok).length;
	const verdict = failed ? t('failed', String(failed)) : t('passed', String(steps.length));
	$('#verdict').textContent = isRunning ? t('running') : verdict;
	$('#release button').disabled = isRunning;
}

/** All of it, as after a switch of the account or the language. */
function showAll() {
	shownMenu = '';
	$('#messages').replaceChildren(
		el('p', { class: 'empty' }, t(chosen === 'bot' ? 'emptyBotChat' : 'emptyChat')),
	);
	$('#pushes').replaceChildren();
	showTexts();
	showAccount();
	Object.values(items.bubble).forEach(showBubble);
	showTyping();
	showArticles();
	showPushes();
	showRelease();
}

const show = {
	account: showAccount,
	bubble: showBubble,
	typing: showTyping,
	push: showPushes,
	release: showRelease,
	article: showArticles,
};

function listen() {
	const events = new EventSource('/demo/events');
	events.addEventListener('message', ({ data }) => {
		const item = JSON.parse(data);
		items[item.type][item.id] = item;
		show[item.type](item);
	});
	events.addEventListener('open', () => tell(''));
	events.addEventListener('error', () => tell(t('lost')));
}

// What the user does

function onSubmit(form, send) {
	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		await send(new FormData(form));
	});
}

onSubmit($('#composer'), async (form) => {
	if (await act('text', { text: form.get('text') })) $('#text').value = '';
});

$('#follow').addEventListener('click', () => {
	const { isFollowing, step } = account();
	return act(step ? STEPS[step].action : isFollowing ? 'unfollow' : 'follow');
});

for (const radio of document.querySelectorAll('[name=account]')) {
	radio.addEventListener('change', () => {
		chosen = radio.value;
		tell('');
		showAll();
	});
}

for (const button of document.querySelectorAll('[data-language]')) {
	button.addEventListener('click', () => {
		setLanguage(button.dataset.language);
		showAll();
	});
}

for (const button of document.querySelectorAll('[data-dialog]')) {
	button.addEventListener('click', () =>
		document.getElementById(button.dataset.dialog).showModal(),
	);
}
for (const button of document.querySelectorAll('[data-close]')) {
	button.addEventListener('click', () => button.closest('dialog').close());
}

const fieldsOf = (form) => Object.fromEntries(form);
onSubmit($('#location form'), async (form) => {
	$('#location').close();
	await act('location', fieldsOf(form));
});
onSubmit($('#pay form'), async () => {
	$('#pay').close();
	await act('pay');
});
onSubmit($('#scan form'), async (form) => {
	$('#scan').close();
	await act('scan', fieldsOf(form));
});
onSubmit($('#picture form'), async (form) => sendPicture(form.get('file')));
$('[data-sample]').addEventListener('click', async () => sendPicture(await samplePicture()));

async function sendPicture(file) {
	$('#picture').close();
	const path = `${chosen}/picture?name=${encodeURIComponent(file.name)}`;
	await ask(path, undefined, file, file.type || 'application/octet-stream');
}

async function samplePicture() {
	const blob = await (await fetch('/sample.png')).blob();
	return new File([blob], 'sample.png', { type: blob.type });
}

$('#publish').addEventListener('click', async () => {
	$('#publish').disabled = true;
	await act('publish');
	$('#publish').disabled = false;
});

onSubmit($('#release'), (form) => ask('release-test', { pair: Number(form.get('pair')) }));

onSubmit($('#connect'), async (form) => {
	$('#connected').textContent = t('connecting');
	await act('connect', fieldsOf(form));
	showAccount();
});

document.addEventListener('keydown', ({ key }) => {
	const open = document.querySelector('.sub-menu:not([hidden])');
	if (key !== 'Escape' || !open) return;
	openSubMenu();
	open.nextElementSibling.focus();
});

showAll();
listen();

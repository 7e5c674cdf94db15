import { selectors, type Locator, type Page } from 'playwright-core';
import type { Browser, Window } from '../services/browser';
import { eventually } from '../services/eventually';
import { OWNER } from '../n8n/login';

/**
 * n8n's editor, as somebody with a mouse sees it. Its parts are found by the names that n8n gives them for its own
 * tests, which are the same in 2.8 and 2.41.
 */
export interface Editor extends Window {
	url: string;
}

/** Milliseconds: with its scripts, the editor loads what all of n8n's nodes say about themselves. */
const LOAD_MS = 60_000;

/** Whatever moves is where it goes at once. A style sheet of the page's own would be refused by a security policy. */
const STAND_STILL = `
	const sheet = new CSSStyleSheet();
	sheet.replaceSync('*, *::before, *::after { transition-duration: 0s !important; transition-delay: 0s !important; animation-duration: 0s !important; animation-delay: 0s !important; }');
	document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
`;

/**
 * Opens a workflow, which may be `new`, and logs in as the owner on the way to it. Nothing in it is animated, as for
 * somebody who asks for less motion.
 */
export async function openEditor(browser: Browser, url: string, id: string): Promise<Editor> {
	selectors.setTestIdAttribute('data-test-id');
	const window = await browser.open({
		viewport: { width: 1280, height: 800 },
		reducedMotion: 'reduce',
	});
	const { page } = window;
	// All parts come from a server that is busy with other tests.
	page.setDefaultTimeout(20_000);
	page.setDefaultNavigationTimeout(LOAD_MS);
	// Chromium asks before it leaves a workflow that is not stored.
	page.on('dialog', (dialog) => void dialog.accept());
	await page.addInitScript({ content: STAND_STILL });
	await page.goto(`${url}/workflow/${id}`);
	await page.locator('input[name="emailOrLdapLoginId"]').fill(OWNER.email);
	await page.locator('input[type="password"]').fill(OWNER.password);
	await page.getByRole('button', { name: 'Sign in' }).click();
	await waitForWorkflow(page, id);
	return { ...window, url };
}

/** Opens a workflow. n8n stores the one that is `new` once there is something in it. */
export async function openWorkflow({ page, url }: Editor, id: string): Promise<void> {
	await page.goto(`${url}/workflow/${id}`);
	await waitForWorkflow(page, id);
}

async function waitForWorkflow(page: Page, id: string): Promise<void> {
	const add = page.getByTestId('canvas-plus-button').or(page.getByTestId('canvas-add-button'));
	const shown = id === 'new' ? add : page.getByTestId('canvas-node');
	await shown.first().waitFor({ timeout: LOAD_MS });
}

/** Import from File of the workflow's menu. */
export async function importWorkflow(page: Page, file: string): Promise<void> {
	await page.getByTestId('workflow-import-input').setInputFiles(file);
	await page.getByTestId('canvas-node').first().waitFor();
}

/** Presses the keys that save, and answers the ID of the workflow. */
export async function saveWorkflow(page: Page): Promise<string> {
	await page.keyboard.press('Control+s');
	await page.waitForURL(({ pathname }) => /^\/workflow\/(?!new)\w/.test(pathname));
	return new URL(page.url()).pathname.split('/')[2];
}

/** Chooses a credential in the open node, by its name. */
export async function chooseCredential(page: Page, name: string): Promise<void> {
	await page.getByTestId('node-credentials-select').click();
	const menu = page.locator('[role="listbox"]:visible');
	await menu.getByText(name, { exact: true }).click();
	await menu.waitFor({ state: 'hidden' });
}

/** Searches in the node creator; answers the names that it offers, of which the last may come a moment later. */
export async function searchNodes(page: Page, words: string): Promise<Locator> {
	const creator = page.getByTestId('node-creator');
	// Tab in n8n 2.8, N in 2.41: the button is the same.
	if (!(await creator.isVisible())) await page.getByTestId('node-creator-plus-button').click();
	const input = creator.locator('input').first();
	// What was found before stays for a moment.
	await input.fill('nothing has this name');
	await creator.getByTestId('node-creator-no-results').waitFor();
	await input.fill(words);
	return creator.getByTestId('node-creator-item-name');
}

export async function closeNodeCreator(page: Page): Promise<void> {
	await page.keyboard.press('Escape');
	await page.getByTestId('node-creator').waitFor({ state: 'hidden' });
}

/** Shows all nodes. */
export async function fitCanvas(page: Page): Promise<void> {
	await page.getByTestId('zoom-to-fit').click();
}

export const findNodeOnCanvas = (page: Page, name: string) =>
	page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);

/** The form of a node, in place of that of another one; answers the part with its fields. */
export async function openNode(page: Page, name: string): Promise<Locator> {
	if (await page.getByTestId('ndv-close-button').isVisible()) await closeNode(page);
	await findNodeOnCanvas(page, name).dblclick();
	const panel = page.getByTestId('node-parameters');
	await panel.waitFor();
	return panel;
}

export async function closeNode(page: Page): Promise<void> {
	await page.getByTestId('ndv-close-button').click();
	await page.getByTestId('node-parameters').waitFor({ state: 'hidden' });
}

/** Opens the menu of a field. */
export async function openMenu(within: Locator, field: string): Promise<Locator> {
	await within.getByTestId(`parameter-input-${field}`).click();
	const menu = within.page().locator('[role="listbox"]:visible');
	await menu.waitFor();
	return menu;
}

/** Chooses an entry in the menu of a field, by its whole name; again, when the form was drawn anew under the click. */
export async function choose(within: Locator, field: string, entry: string): Promise<void> {
	const menu = within.page().locator('[role="listbox"]:visible');
	await eventually(async () => {
		if (!(await menu.isVisible())) await openMenu(within, field);
		await menu.locator('.option-headline').getByText(entry, { exact: true }).click();
		await menu.waitFor({ state: 'hidden', timeout: 3000 });
	}, 20_000);
}

export async function fill(within: Locator, field: string, text: string): Promise<void> {
	const input = within.getByTestId(`parameter-input-${field}`).locator('input, textarea').first();
	await input.fill(text);
	await input.blur();
}

/** The names of the fields that are shown. */
export async function listLabels(panel: Locator): Promise<string[]> {
	const labels = await panel.getByTestId('input-label').allInnerTexts();
	return labels.map((label) =>
		label
			.trim()
			.split('\n')[0]
			.replace(/\s*\*$/, ''),
	);
}

/** Presses Execute Step, and answers what the panel beside it says when the run is over. */
export async function executeStep(page: Page): Promise<string> {
	const output = page.getByTestId('output-panel');
	await page.getByTestId('node-execute-button').first().click();
	await output.getByTestId('node-run-info').waitFor();
	return await output.innerText();
}

/** The dialog of the credential that the open node uses. */
export async function openCredentialDialog(page: Page): Promise<Locator> {
	await page.getByTestId('credential-edit-button').first().click();
	const dialog = page.getByTestId('editCredential-modal');
	await dialog.getByTestId('credential-connection-parameter').first().waitFor();
	return dialog;
}

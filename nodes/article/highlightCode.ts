/** What is used of highlight.js 11. Its own types bring those of a browser with them, for the whole project. */
interface Highlighter {
	registerLanguage(name: string, grammar: unknown): void;
	getLanguage(name: string): object | undefined;
	highlight(
		code: string,
		options: { language: string; ignoreIllegals: boolean },
	): { value: string };
}

/** What is colored. Few kinds: each piece costs 32 characters of the 20,000 that an article may have. */
export type CodeKind = 'comment' | 'string' | 'keyword' | 'title';

export interface CodePart {
	text: string;
	kind?: CodeKind;
}

/** Scopes of highlight.js. What is not here has the color of the text. */
const KINDS: Record<string, CodeKind> = {
	comment: 'comment',
	quote: 'comment',
	deletion: 'comment',
	string: 'string',
	regexp: 'string',
	addition: 'string',
	keyword: 'keyword',
	literal: 'keyword',
	name: 'keyword',
	'selector-tag': 'keyword',
	section: 'title',
	title: 'title',
};

/** Files of grammars by the names that people write behind ```; other names stay without colors. */
const GRAMMARS: ReadonlyMap<string, string> = new Map(
	Object.entries({
		bash: 'sh shell zsh console terminal shellsession',
		c: 'h',
		cpp: 'c++ cc hpp cxx',
		csharp: 'cs c# dotnet',
		css: '',
		dart: '',
		diff: 'patch',
		dockerfile: 'docker',
		elixir: 'ex exs',
		go: 'golang',
		graphql: 'gql',
		groovy: 'gradle',
		haskell: 'hs',
		ini: 'toml conf',
		java: '',
		javascript: 'js jsx mjs cjs node',
		json: 'jsonc json5',
		kotlin: 'kt kts',
		less: '',
		lua: '',
		makefile: 'make mk',
		markdown: 'md',
		nginx: '',
		objectivec: 'objc objective-c',
		perl: 'pl',
		php: '',
		powershell: 'ps1 pwsh',
		properties: 'env dotenv',
		protobuf: 'proto',
		python: 'py python3',
		r: '',
		ruby: 'rb',
		rust: 'rs',
		scala: '',
		scss: 'sass',
		sql: 'mysql postgresql postgres sqlite',
		swift: '',
		typescript: 'ts tsx mts cts',
		vim: '',
		xml: 'html htm xhtml svg vue svelte wxml',
		yaml: 'yml',
	}).flatMap(([file, names]) =>
		[file, ...names.split(' ').filter(Boolean)].map((name): [string, string] => [name, file]),
	),
);
const MAX_HIGHLIGHTED = 50_000;

/** Splits code into parts of one color each. Loads the grammar of its language the first time. */
export async function highlightCode(code: string, language: string): Promise<CodePart[]> {
	const file = GRAMMARS.get(language.toLowerCase());
	if (!file || code.length > MAX_HIGHLIGHTED) return [{ text: code }];
	const highlighter = (await loadPart('core')) as Highlighter;
	if (!highlighter.getLanguage(file))
		highlighter.registerLanguage(file, await loadPart(`languages/${file}`));
	const { value } = highlighter.highlight(code, { language: file, ignoreIllegals: true });
	return mergeParts(readParts(value));
}

/** The core, or a grammar: all of them take 80 ms and 9 MB. */
async function loadPart(file: string): Promise<unknown> {
	const { default: part } = (await import(`highlight.js/lib/${file}`)) as { default: unknown };
	return part;
}

const ENTITIES: Record<string, string> = {
	'&amp;': '&',
	'&lt;': '<',
	'&gt;': '>',
	'&quot;': '"',
	'&#x27;': "'",
};

/** Reads what highlight.js writes: text, entities, and spans in spans with a class. */
function readParts(html: string): CodePart[] {
	const parts: CodePart[] = [];
	const kinds: Array<CodeKind | undefined> = [];
	for (const [token, scope] of html.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
		if (scope !== undefined) kinds.push(toKind(scope) ?? kinds.at(-1));
		else if (token === '</span>') kinds.pop();
		else {
			const text = token.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity]);
			parts.push({ text, kind: kinds.at(-1) });
		}
	}
	return parts;
}

/** `hljs-title function_` is a title. */
const toKind = (scope: string): CodeKind | undefined =>
	KINDS[/^hljs-([a-z-]+)/.exec(scope)?.[1] ?? ''];

/** One part of neighbors with one color; blanks between them have none. */
function mergeParts(parts: CodePart[]): CodePart[] {
	const merged: CodePart[] = [];
	for (const part of parts) {
		const [blank, last] = [merged.at(-1), merged.at(-2)];
		if (blank && blank.kind === part.kind) blank.text += part.text;
		else if (blank?.text.trim() === '' && last && last.kind === part.kind && part.kind) {
			last.text += blank.text + part.text;
			merged.pop();
		} else merged.push({ ...part });
	}
	return merged;
}

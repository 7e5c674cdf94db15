import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
	NodeHelpers,
	type INode,
	type INodeProperties,
	type INodePropertyOptions,
	type INodePropertyCollection,
	type IWorkflowBase,
} from 'n8n-workflow';
import { nodeTypes, PACK } from './support/n8n';

const folder = join(__dirname, 'workflows');
const files = readdirSync(folder);
const textOf = (...path: string[]) => readFileSync(join(__dirname, ...path), 'utf8');
const workflowIn = (file: string) => JSON.parse(textOf('workflows', file)) as IWorkflowBase;
const sources = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).filter(
	(file) => file.endsWith('.ts') && file !== basename(__filename),
);

/** Jest tests name the file; scenarios of the real n8n import what exampleWorkflows.ts makes of it. */
function isRun(file: string): boolean {
	const [name] = file.split('.');
	const list = join('e2e', 'workflows', 'exampleWorkflows.ts');
	const [, constant] =
		new RegExp(`export const (\\w+) = example\\('${name}'\\)`).exec(textOf(list)) ?? [];
	const inScenario = new RegExp(`\\b${constant}\\b`);
	return sources
		.filter((source) => source !== list)
		.some((source) => {
			const text = textOf(source);
			if (source.endsWith('.test.ts')) return text.includes(`'${file}'`);
			return constant !== undefined && source.startsWith('e2e') && inScenario.test(text);
		});
}

const linksIn = (page: string) =>
	[...textOf('..', page).matchAll(/\]\(([^)]+)\)/g)].map(([, link]) => link);
const ours = ({ nodes }: IWorkflowBase) => nodes.filter(({ type }) => type.startsWith(PACK));
const isExpression = (value: unknown) => typeof value === 'string' && value.startsWith('=');
const asList = (value: unknown): unknown[] => [value].flat();

/** What is wrong with the values of fields: names that no field has, and choices that no menu has. */
function mistakesIn(fields: INodeProperties[], values: object, path = ''): string[] {
	return Object.entries(values).flatMap(([name, value]) => {
		const known = fields.filter((field) => field.name === name);
		const at = path + name;
		if (known.length === 0) return [`${at}: no such field`];
		const options = known.flatMap((field) => field.options ?? []);
		const { type } = known[0];
		if (type === 'collection')
			return mistakesIn(options as INodeProperties[], value as object, `${at}.`);
		if (type === 'fixedCollection')
			return Object.entries(value as object).flatMap(([group, rows]) => {
				const found = (options as INodePropertyCollection[]).find((one) => one.name === group);
				if (!found) return [`${at}.${group}: no such field`];
				return asList(rows).flatMap((row) =>
					mistakesIn(found.values, row as object, `${at}.${group}.`),
				);
			});
		if (!/options/i.test(type) || isExpression(value) || options.length === 0) return [];
		const choices = (options as INodePropertyOptions[]).map((option) => option.value);
		return asList(value)
			.filter((one) => !choices.includes(one as string))
			.map((one) => `${at}: no choice ${String(one)}`);
	});
}

/** Fields that are not shown with the values of others, and are therefore not read. */
function hiddenIn(node: INode, fields: INodeProperties[]): string[] {
	const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const read = NodeHelpers.getNodeParameters(
		fields,
		node.parameters,
		true,
		false,
		node,
		description,
	);
	return Object.keys(node.parameters).filter((name) => !(name in (read ?? {})));
}

describe.each(files)('%s', (file) => {
	const workflow = workflowIn(file);

	test('is run by a test', () => expect(isRun(file)).toBe(true));

	test.each([
		['docs/examples.md', '..'],
		['docs/zh-CN/examples.md', '../..'],
	])('is linked from %s', (page, root) =>
		expect(linksIn(page)).toContain(`${root}/test/workflows/${file}`),
	);

	test('says on a note what it does and how to set it up', () => {
		const [note] = workflow.nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		expect(note.parameters.content).toMatch(/^## .+\n[^]{100,}credential/);
	});

	test('names credentials without ids', () => {
		for (const { credentials = {} } of workflow.nodes)
			for (const { id, name } of Object.values(credentials))
				expect([id, Boolean(name)]).toEqual(['', true]);
	});

	test('has connections between nodes that are there', () => {
		const names = workflow.nodes.map(({ name }) => name);
		for (const [from, outputs] of Object.entries(workflow.connections))
			for (const to of Object.values(outputs).flat(2))
				expect(names).toEqual(expect.arrayContaining([from, to?.node]));
		expect(new Set(names).size).toBe(names.length);
	});

	test.each(ours(workflow).map((node): [string, INode] => [node.name, node]))(
		'has only fields and choices that the node "%s" has',
		(_, node) => {
			const { description } = nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
			expect(mistakesIn(description.properties, node.parameters)).toEqual([]);
			expect(hiddenIn(node, description.properties)).toEqual([]);
			const needed = (description.credentials ?? []).map(({ name }) => name);
			for (const name of Object.keys(node.credentials ?? {})) expect(needed).toContain(name);
		},
	);
});

test('the pages of both languages have the same examples, each once, in the same groups', () => {
	const [english, chinese] = ['docs/examples.md', 'docs/zh-CN/examples.md'].map((page) =>
		textOf('..', page)
			.split(/^## /m)
			.slice(1)
			.map((group) =>
				[...group.matchAll(/\/workflows\/([\w-]+\.json)\)/g)].map(([, file]) => file),
			),
	);
	expect(chinese).toEqual(english);
	expect(english.flat().toSorted()).toEqual(files.toSorted());
});

describe('mistakes are seen:', () => {
	const type = `${PACK}.wechatReply`;
	const { properties } = nodeTypes.getByNameAndVersion(type, 1).description;

	test('names and choices that are not there', () => {
		expect(
			mistakesIn(properties, {
				resource: 'reply',
				operation: 'sent',
				tipe: 'Text',
				articles: { article: [{ title: 'x' }], articles: [] },
				ruleOptions: { color: 'red' },
				late: '={{ $json.late }}',
			}),
		).toEqual([
			'operation: no choice sent',
			'tipe: no such field',
			'articles.article.title: no such field',
			'articles.articles: no such field',
			'ruleOptions.color: no such field',
		]);
	});

	test('fields of another choice', () => {
		const parameters = { resource: 'reply', operation: 'send', type: 'Text', kfAccount: 'a@b' };
		const node: INode = {
			...{ id: '1', name: 'Node', type, typeVersion: 1, position: [0, 0] },
			parameters,
		};
		expect(hiddenIn(node, properties)).toEqual(['kfAccount']);
	});

	test('a workflow that nothing runs', () => expect(isRun('unheard-of.json')).toBe(false));
});

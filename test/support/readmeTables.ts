import {
	ACCOUNT_AUTHORIZED,
	AUTHORIZATIONS,
	EVENTS,
	MESSAGES,
	OTHER,
	USER_SIGNED_IN,
	type EventType,
} from '../../nodes/push/eventTypes';
import { PACK_NODES, type ListedResource, type PackNode } from './packContents';

type Row = string[];

const operationsOf = (resources: ListedResource[]): Row[] =>
	resources.map(({ name, operations }) => [name, operations.map((one) => one.name).join(', ')]);

/** The same with the names as the menus have them, which end with the Chinese word. */
const menusOf = ({ node, resources }: PackNode): Row[] =>
	operationsOf(
		resources.map(({ name, value, choice }) => {
			const of = choice?.field.name ?? 'operation';
			const menu = node.description.properties.find(
				(one) => one.name === of && one.displayOptions?.show?.resource?.[0] === value,
			);
			return { name, value, operations: (menu?.options ?? []) as ListedResource['operations'] };
		}),
	);

const kindsIn = (kinds: EventType[]): Row[] =>
	kinds.map(({ name, value, description }) => [
		name,
		`\`${value}\``,
		description.replaceAll('|', '\\|'),
	]);

/** What stands in docs/operations.md, in both languages, between `<!-- table: NAME -->` and `<!-- end -->`, below the head of the table. */
const createTables = (toRows: (from: PackNode) => Row[]): Record<string, Row[]> =>
	Object.fromEntries(
		PACK_NODES.filter(({ resources }) => resources.length > 0).map((from) => [
			from.node.description.displayName,
			toRows(from),
		]),
	);

const TABLES = createTables(({ resources }) => operationsOf(resources));
const CHINESE_TABLES = createTables(menusOf);

/** The same in `docs/events.md`. */
const EVENT_TABLES: Record<string, Row[]> = {
	messages: kindsIn(MESSAGES),
	events: kindsIn([...EVENTS, OTHER]),
	platform: kindsIn([...AUTHORIZATIONS, ACCOUNT_AUTHORIZED]),
	browsers: kindsIn([USER_SIGNED_IN]),
};

export const NAMES = Object.keys(TABLES);
export const EVENT_NAMES = Object.keys(EVENT_TABLES);

const PLACE = /(<!-- table: ([\w ]+) -->\n\n)(.*?)(\n\n<!-- end -->)/gs;

/** The text with its tables as the code has them; their first line, the words of the language, stays. */
export const filled = (text: string, isChinese = false): string =>
	text.replace(PLACE, (_, begin: string, name: string, table: string, end: string) => {
		const [head] = table.split('\n');
		const rows = [
			head
				.split('|')
				.slice(1, -1)
				.map(() => '-'),
			...{ ...(isChinese ? CHINESE_TABLES : TABLES), ...EVENT_TABLES }[name],
		].map((cells) => `| ${cells.join(' | ')} |`);
		return [begin, [head, ...rows].join('\n'), end].join('');
	});

/** The names of the tables in a text. */
export const namesIn = (text: string): string[] =>
	[...text.matchAll(PLACE)].map(([, , name]) => name);

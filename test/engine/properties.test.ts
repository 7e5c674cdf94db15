import { NodeHelpers, type INode, type INodeTypeDescription } from 'n8n-workflow';
import { createProperties as propertiesOf, toMenuValues } from '../../nodes/engine/properties';
import { defineRequest, defineResource, type Field } from '../../nodes/engine/define';

const agent = {
	displayName: 'Agent',
	name: 'agent',
	type: 'string',
	wire: 'customservice.kf_account',
	maxBytes: 9,
	default: '',
} satisfies Field;
const entry = (name: string, value: string) =>
	defineRequest({
		name,
		value,
		action: name,
		chinese: '喂养',
		path: '/x',
		effect: 'read',
		fields: [agent],
	});
const list = defineRequest({
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many zebras',
	chinese: '获取斑马',
	path: '/x',
	effect: 'read',
	page: { cursor: 'from', next: 'next', items: 'list' },
	fields: [
		{ displayName: 'More', name: 'more', type: 'collection', default: {}, options: [agent] },
		{ ...agent, displayOptions: { show: { more: ['x'] } } },
	],
});
const [resourceMenu, zebras, ...rest] = propertiesOf([
	defineResource('Zebra', 'zebra', [entry('Tame', 'tame'), entry('Feed', 'feed'), list]),
	defineResource('Ape', 'ape', [entry('Tame', 'tame'), entry('Feed', 'feed')]),
]);
const [apes] = rest.filter(({ name }) => name === 'operation');
const ofList = rest.filter(({ displayOptions }) => {
	return displayOptions?.show?.operation?.includes('getAll');
});

test('menus have the order of the table and take no expression', () => {
	const names = [resourceMenu, zebras, apes].map(({ options }) => options?.map(({ name }) => name));
	expect(names).toEqual([
		['Zebra', 'Ape'],
		['Tame (喂养)', 'Feed (喂养)', 'Get Many (获取斑马)'],
		['Tame (喂养)', 'Feed (喂养)'],
	]);
	for (const menu of [resourceMenu, zebras, apes]) expect(menu.noDataExpression).toBe(true);
});

test('the first entry of a menu is the default', () => {
	expect([resourceMenu.default, zebras.default, apes.default]).toEqual(['zebra', 'tame', 'tame']);
});

test('a resource of many figures has one operation, and a menu of them below it', () => {
	const figures = [entry('Apes', 'apes'), { ...list, name: 'Zebras', value: 'zebras' }];
	const field = { displayName: 'Figure', name: 'figure', description: 'What to get' };
	const choice = {
		name: 'Get',
		value: 'get',
		action: 'Get counts',
		chinese: '获取统计数据',
		field,
	};
	const of = defineResource('Count', 'count', figures, choice);
	const [, operations, menu, ...fields] = propertiesOf([of]);
	expect(operations.options?.map(({ name }) => name)).toEqual(['Get (获取统计数据)']);
	expect(menu).toMatchObject({ ...field, type: 'options', default: 'apes' });
	expect(menu.options?.map(({ name }) => name)).toEqual(['Apes (喂养)', 'Zebras (获取斑马)']);
	const shown = { resource: ['count'], operation: ['get'] };
	expect(menu.displayOptions).toEqual({ show: shown });
	const ofZebras = fields.filter(({ name }) => name === 'returnAll');
	expect(ofZebras.map(({ displayOptions }) => displayOptions?.show)).toEqual([
		{ ...shown, figure: ['zebras'] },
	]);
	expect(toMenuValues(of, 'zebras')).toEqual({
		resource: 'count',
		operation: 'get',
		figure: 'zebras',
	});
});

test('a field is shown for its own operation, under its own conditions', () => {
	const of = { resource: ['zebra'], operation: ['getAll'] };
	expect(ofList.map(({ name, displayOptions }) => [name, displayOptions?.show])).toEqual([
		['more', of],
		['agent', { more: ['x'], ...of }],
		['returnAll', of],
		['limit', { returnAll: [false], ...of }],
	]);
});

test('an expression in a field shows no fields of other operations', () => {
	const parameters = { resource: 'ape', operation: 'tame', more: '={{ $json.more }}' };
	const node = { typeVersion: 1, parameters } as unknown as INode;
	const type = { properties: rest } as INodeTypeDescription;
	const shown = rest.filter((field) => NodeHelpers.displayParameter(parameters, field, node, type));
	expect(shown.map(({ name }) => name)).toEqual(['operation', 'agent']);
});

test('a list has 50 entries unless all are asked for', () => {
	const defaults = Object.fromEntries(ofList.map((field) => [field.name, field.default]));
	expect(defaults).toMatchObject({ returnAll: false, limit: 50 });
});

test('what only the wire needs to know does not reach n8n', () => {
	const known = { displayName: 'Agent', name: 'agent', type: 'string', default: '' };
	expect(ofList[0].options).toEqual([known]);
	for (const property of [zebras, ...rest]) expect(Object.keys(property)).not.toContain('wire');
});

test('what only the wire needs to know does not reach n8n out of rows, at any depth', () => {
	const known = { displayName: 'Agent', name: 'agent', type: 'string', default: '' };
	const form = { displayName: 'Rows', name: 'rows', type: 'fixedCollection', default: {} } as const;
	const group = { displayName: 'Row', name: 'row' };
	const inner = { ...form, maxEntries: 2, options: [{ ...group, values: [agent] }] };
	const fields = [{ ...form, wire: 'list', options: [{ ...group, values: [inner] }] }];
	const add = { name: 'Add', value: 'add', action: 'Add', chinese: '添加', fields };
	const [shown] = propertiesOf([{ name: 'Ape', value: 'ape', operations: [add] }]).slice(2);
	expect(shown).toEqual({
		...form,
		displayOptions: { show: { resource: ['ape'], operation: ['add'] } },
		options: [{ ...group, values: [{ ...form, options: [{ ...group, values: [known] }] }] }],
	});
});

test('the Chinese words stand behind names and actions, without that of the resource in its own menu', () => {
	const send = { name: 'Send', value: 'send', action: 'Send message', chinese: '发送模板消息' };
	const menuOf = (name: string) =>
		propertiesOf([{ name, value: 'message', operations: [send] }])[1].options;
	const action = 'Send message (发送模板消息)';
	expect(menuOf('Message (模板消息)')).toEqual([{ name: 'Send (发送)', value: 'send', action }]);
	// What would be left says nothing, or there is no such word.
	for (const resource of ['Message (送模板消息)', 'Message (客服消息)', 'Message'])
		expect(menuOf(resource)).toEqual([{ name: 'Send (发送模板消息)', value: 'send', action }]);
});

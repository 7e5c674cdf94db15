import { readParams } from '../../nodes/engine/parameters';
import { toPath, toWire } from '../../nodes/engine/request';
import type { Field } from '../../nodes/engine/define';

const field = (name: string, more: Partial<Field> = {}): Field => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
	...more,
});

test('values go where their wire says, and empty ones stay away', () => {
	const fields = [
		field('plain'),
		field('nested', { wire: 'tag.name' }),
		field('first', { wire: 'news.articles.0.title' }),
		field('second', { wire: 'news.articles.0.url' }),
		field('kind'),
		field('media', { wire: '{kind}.media_id' }),
		field('asked', { in: 'query' }),
		field('twice', { in: 'both' }),
		field('ours', { wire: false }),
		field('orderNumber', { wire: 'number', in: 'path' }),
		field('empty'),
		field('cleared', { sendEmpty: true }),
		field('absent'),
	];
	const params = {
		plain: '1',
		nested: 'n',
		first: 't',
		second: 'u',
		kind: 'image',
		media: 'm',
		asked: 'q',
		twice: 't',
		ours: 'x',
		orderNumber: 'A/1',
		empty: '',
		cleared: '',
	};
	expect(toWire(fields, params)).toEqual({
		media: [],
		path: { number: 'A/1' },
		query: { asked: 'q', twice: 't' },
		body: {
			plain: '1',
			tag: { name: 'n' },
			news: { articles: [{ title: 't', url: 'u' }] },
			kind: 'image',
			image: { media_id: 'm' },
			cleared: '',
			twice: 't',
		},
		encrypted: [],
		files: {},
	});
});

test('a collection sends what is in it', () => {
	const options = [field('agent', { wire: 'customservice.kf_account' }), field('other')];
	const fields = [field('more', { type: 'collection', options })];
	expect(toWire(fields, { more: { agent: 'a' } }).body).toEqual({
		customservice: { kf_account: 'a' },
	});
});

test('a collection that an expression left empty sends nothing', () => {
	const fields = [field('more', { type: 'collection', options: [field('agent')] })];
	const params = readParams(fields, () => null);
	expect(toWire(fields, params).body).toEqual({});
});

test('a field that the others hide stays away', () => {
	const shown = { displayOptions: { show: { kind: ['a'] } } };
	const fields = [field('kind'), field('text', shown)];
	expect(toWire(fields, { kind: 'a', text: 't' }).body).toEqual({ kind: 'a', text: 't' });
	expect(toWire(fields, { kind: 'b', text: 't' }).body).toEqual({ kind: 'b' });
});

test('rows send what is in them, each where its wire says, and nothing else', () => {
	const values = [
		field('title', { wire: 'card.title' }),
		field('empty'),
		field('cleared', { sendEmpty: true }),
		field('ours', { wire: false }),
		field('count', { type: 'number' }),
	];
	const row = { displayName: 'Row', name: 'row', values };
	const fields = [field('rows', { type: 'fixedCollection', wire: 'news.list', options: [row] })];
	const given = [{ title: 7, cleared: null, ours: 'x', count: '3', unknown: 'u' }, {}];
	const { body } = toWire(
		fields,
		readParams(fields, () => given),
	);
	expect(body).toEqual({
		news: { list: [{ card: { title: '7' }, cleared: '', count: 3 }, { cleared: '' }] },
	});
});

test('a form without rows stays away unless it means something', () => {
	const row = { displayName: 'Row', name: 'row', values: [] };
	const form = field('rows', { type: 'fixedCollection', options: [row] });
	expect(toWire([form], { rows: [] }).body).toEqual({});
	expect(toWire([{ ...form, sendEmpty: true }], { rows: [] }).body).toEqual({ rows: [] });
});

// WeChat Pay: 敏感信息加密, e.g. user_name of a transfer and receivers[].name of a profit sharing.
test('what is to be encrypted is named by its place, also in rows and only where it is sent', () => {
	const row = {
		displayName: 'Row',
		name: 'row',
		values: [field('id'), field('name', { encrypted: true })],
	};
	const fields = [
		field('userName', { wire: 'user.name', encrypted: true }),
		field('empty', { encrypted: true }),
		field('receivers', { type: 'fixedCollection', options: [row] }),
	];
	const params = { userName: '张三', empty: '', receivers: [{ id: '1', name: '李四' }] };
	expect(toWire(fields, params).encrypted).toEqual(['user.name', 'receivers.*.name']);
});

test('a value in the path stays one part of it', () => {
	const path = '/v3/orders/{number}/close';
	expect(toPath(path, { number: 'a/b?c#d%' })).toBe('/v3/orders/a%2Fb%3Fc%23d%25/close');
	for (const number of ['', '.', '..', undefined])
		expect(() => toPath(path, { number })).toThrow('is no number');
});

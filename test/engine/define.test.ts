import { defineOperation } from '../../nodes/engine/define';

/** The compiler is the test: `run` knows its parameters from `fields`. */
test('params are typed from the fields', () => {
	const entry = defineOperation({
		name: 'Try',
		value: 'try',
		action: 'Try it',
		path: '/x',
		fields: [
			{ displayName: 'Text', name: 'text', type: 'string', default: '' },
			{ displayName: 'Number', name: 'number', type: 'number', default: 0 },
			{ displayName: 'List', name: 'list', type: 'string', as: 'list', default: '' },
			{
				displayName: 'Choice',
				name: 'choice',
				type: 'options',
				options: [{ name: 'A', value: 'a' }],
				default: 'a',
			},
			{
				displayName: 'Hidden',
				name: 'hidden',
				type: 'string',
				default: '',
				displayOptions: { show: { choice: ['a'] } },
			},
		],
		async run({ params }) {
			const text: string = params.text;
			const number: number = params.number;
			const list: string[] = params.list;
			const choice: 'a' = params.choice;
			const hidden: string | undefined = params.hidden;
			// @ts-expect-error there is no such field
			const nothing: unknown = params.nothing;
			// @ts-expect-error a field that others hide may be missing
			const sure: string = params.hidden;
			// @ts-expect-error only the listed choices
			const other: 'b' = params.choice;
			return { text, number, list, choice, hidden, nothing, sure, other };
		},
	});
	expect(entry.run).toBeDefined();
});

import type { Expected } from '../../soter/statementCheck';
import type { Field, Params } from '../../engine/define';

const text = { type: 'string', wire: false, default: '' } as const;

const lastCounter = {
	displayName: 'Last Counter',
	name: 'lastCounter',
	...text,
	as: 'integer',
	check: true,
	placeholder: 'e.g. 123',
	description:
		'The largest counter so far of this phone (cpu_id): the new one must be larger, or somebody repeats an old export. Store the new one afterwards.',
} as const satisfies Field;

/** What else may be asked of a signed JSON. */
export const checks = {
	displayName: 'More Checks',
	name: 'checks',
	type: 'collection',
	wire: false,
	placeholder: 'Add check',
	default: {},
	options: [
		{
			displayName: 'CPU ID',
			name: 'cpu_id',
			...text,
			check: true,
			description: 'The cpu_id that must be in it: that of the phone which the user has enrolled',
		},
		lastCounter,
		{
			displayName: 'UID',
			name: 'uid',
			...text,
			check: true,
			description: 'The uid that must be in it: that of the app on the phone, as in the ASK',
		},
	],
} as const satisfies Field;

export const challenge = {
	displayName: 'Challenge (挑战值)',
	name: 'challenge',
	...text,
	required: true,
	placeholder: 'e.g. {{ $json.challenge }}',
	description:
		'What your server gave the app to sign, made anew for each login and used once. It must be in the JSON as raw.',
} as const satisfies Field;

/** What the fields demand; those left empty demand nothing. */
export function readExpected(values: Params<[typeof checks]>['checks'], raw?: string): Expected {
	const { cpu_id, uid, lastCounter } = values;
	return {
		challenge: raw,
		cpu_id: cpu_id || undefined,
		uid: uid || undefined,
		lastCounter,
	};
}

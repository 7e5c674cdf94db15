import type { INodeProperties } from 'n8n-workflow';
import { EVENTS, MESSAGES, OTHER } from '../push/kinds';
import { ALL } from './filter';

const kinds = [
	...MESSAGES,
	...EVENTS,
	OTHER,
	{ name: 'All', value: ALL, description: 'Everything that WeChat pushes' },
].sort((a, b) => a.name.localeCompare(b.name));

export const properties: INodeProperties[] = [
	{
		displayName:
			'WeChat knows one address per account: enter the production URL as URL (服务器地址) in Server Configuration (服务器配置), with the Token and the EncodingAESKey of the credential, after you have activated this workflow. To try with the test URL, use a test account (测试号).',
		name: 'address',
		type: 'notice',
		default: '',
	},
	{
		displayName: 'Trigger On',
		name: 'kinds',
		type: 'multiOptions',
		options: kinds,
		required: true,
		default: [ALL],
		description:
			'Which messages and events start the workflow. The others are answered and dropped.',
	},
	{
		displayName: 'Respond',
		name: 'respond',
		type: 'options',
		options: [
			{
				name: 'Immediately',
				value: 'onReceived',
				description:
					'Answer "success": the user sees nothing, the workflow has all the time it wants',
			},
			{
				name: 'Using WeChat Reply Node',
				value: 'responseNode',
				description: 'Let a WeChat Reply node say what the user sees, within five seconds',
			},
		],
		default: 'onReceived',
		description:
			'WeChat waits five seconds for an answer and asks three times before it tells the user that the service is out of order',
	},
	{
		displayName: 'Options',
		name: 'pushOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Download Media',
				name: 'downloadMedia',
				type: 'boolean',
				default: false,
				description:
					'Whether to get the file of image, voice and video messages as binary field "data". WeChat keeps it for three days.',
			},
			{
				displayName: 'Event Keys',
				name: 'eventKeys',
				type: 'string',
				default: '',
				placeholder: 'e.g. menu_help, store_*',
				description:
					'Only events with one of these as EventKey: keys of menu items, scenes of QR codes (with or without qrscene_). Separated by commas; * at the end stands for any rest.',
			},
			{
				displayName: 'OpenIDs',
				name: 'openIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description: 'Only what comes from these users. Separated by commas.',
			},
		],
	},
	{
		// Without this n8n parses XML before the node sees it: it would answer broken XML itself, and spend the
		// time on every push. It looks for `options.binaryData` at version 1 of any node (webhook-helpers, parseRequestBody).
		displayName: 'Options',
		name: 'options',
		type: 'hidden',
		default: { binaryData: true },
	},
];

import type { INodeCredentialDescription, INodeProperties } from 'n8n-workflow';

export const OFFICIAL_ACCOUNT = 'wechatOfficialAccountApi';
export const OPEN_PLATFORM = 'wechatOpenPlatformApi';

const PLATFORM = 'openPlatform';

export const isPlatform = (authentication: unknown) => authentication === PLATFORM;

/** For fields that make sense for a third-party platform only, or not for one. */
export const forPlatform = { show: { authentication: [PLATFORM] } };
export const forAccount = { show: { authentication: ['officialAccount'] } };

/** The two ways to act for an account, as nodes offer them. */
export const authentication: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Official Account or Mini Program (公众号、小程序)',
			value: 'officialAccount',
			description: 'One account, with its own AppID and AppSecret',
		},
		{
			name: 'Third-Party Platform (第三方平台)',
			value: PLATFORM,
			description: 'Any account that has authorized the platform',
		},
	],
	default: 'officialAccount',
	description: 'Whose AppID and AppSecret to use',
};

export const credentials: INodeCredentialDescription[] = [
	{
		name: OFFICIAL_ACCOUNT,
		required: true,
		displayOptions: forAccount,
		testedBy: 'testOfficialAccount',
	},
	{
		name: OPEN_PLATFORM,
		required: true,
		displayOptions: forPlatform,
		testedBy: 'testOpenPlatform',
	},
];

/** An account that authorized the platform. */
export const account = {
	displayName: 'Account',
	name: 'account',
	type: 'resourceLocator',
	required: true,
	default: { mode: 'list', value: '' },
	description:
		'Which authorized account (授权方). For the one that a message came for, take accountAppId of WeChat Trigger.',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchAccounts', searchable: true },
		},
		{
			displayName: 'By AppID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. wx0123456789abcdef',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: '\\s*wx[0-9a-zA-Z]+\\s*',
						errorMessage: 'An AppID begins with wx',
					},
				},
			],
		},
	],
} as const satisfies INodeProperties;

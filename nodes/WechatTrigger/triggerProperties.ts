import type { INodeProperties } from 'n8n-workflow';
import { createCallout } from '../n8n/callout';
import { voiceFormat } from '../n8n/voiceFormat';
import { connectionStatus } from '../n8n/connectionStatus';
import { authentication, forAccount, forPlatform } from '../n8n/credentials';
import {
	ACCOUNT_AUTHORIZED,
	AUTHORIZATIONS,
	OTHER,
	PUSHES,
	USER_SIGNED_IN,
	type EventType,
} from '../push/eventTypes';
import { ALL } from './receivedPush';

/** What only third-party platforms are told. */
const PLATFORM_EVENT_TYPES = [ACCOUNT_AUTHORIZED, ...AUTHORIZATIONS];

const EVENT_TYPES = [...PUSHES, OTHER];

/** What WeChat has no name for. */
const VISITS = [ACCOUNT_AUTHORIZED, USER_SIGNED_IN];

/** n8n's editor searches labels only: behind them, the kind has an entry found by WeChat's own name, too. */
const addKind = (eventType: EventType): EventType =>
	VISITS.includes(eventType)
		? eventType
		: { ...eventType, name: `${eventType.name} ${eventType.value}` };

const listValues = (eventTypes: EventType[]) => eventTypes.map(({ value }) => value);

/**
 * One list for accounts and platforms. When a credential is chosen, n8n's editor drops a list whose displayOptions
 * depend on Authentication (removeMismatchedOptionValues in n8n-editor-ui 2.8.4 and 2.41.1).
 */
const triggerOn: INodeProperties[] = [
	{
		// n8n's list of nodes offers its entries as triggers by this very label (n8n-editor-ui 2.8.4).
		displayName: 'Trigger On',
		name: 'kinds',
		type: 'multiOptions',
		required: true,
		options: [
			...PUSHES.map(addKind),
			OTHER,
			{
				name: 'All (全部)',
				value: ALL,
				description:
					'Everything that WeChat pushes except verify tickets. Counts only when nothing else is chosen.',
			},
		],
		default: [],
		description:
			'Which messages and events start the workflow. The others are answered and dropped.',
	},
	{
		displayName:
			'"All" counts for nothing beside other entries: the workflow starts only on the others. Remove them to start on everything.',
		name: 'allBesideOthers',
		type: 'notice',
		// A leading slash names the same field again: both conditions hold for it.
		displayOptions: { show: { kinds: [ALL], '/kinds': listValues(EVENT_TYPES) } },
		default: '',
	},
	{
		displayName:
			'WeChat tells what begins with "Platform:" to third-party platforms (第三方平台) only. With the credential of an account it never starts the workflow.',
		name: 'forPlatformsOnly',
		type: 'notice',
		displayOptions: { show: { ...forAccount.show, kinds: listValues(PLATFORM_EVENT_TYPES) } },
		default: '',
	},
];

export const properties: INodeProperties[] = [
	authentication,
	{
		...createCallout(
			'address',
			'WeChat knows one address per account: enter the production URL as URL (服务器地址) in Server Configuration (服务器配置), with the Token and the EncodingAESKey of the credential, after you have published (activated) this workflow. To try with the test URL, use a test account (测试号).',
		),
		displayOptions: forAccount,
	},
	{
		...createCallout(
			'addresses',
			'After you have published (activated) this workflow, enter the production URL twice in Development Settings (开发配置) of the platform: as Authorization Event URL (授权事件接收URL), and with /$APPID$ behind it as Message and Event URL (消息与事件接收URL). WeChat pushes a ticket within ten minutes.',
		),
		displayOptions: forPlatform,
	},
	connectionStatus,
	...triggerOn,
	{
		displayName: 'Respond (回复方式)',
		name: 'respond',
		type: 'options',
		options: [
			{
				name: 'Automatic (自动)',
				value: 'automatic',
				description:
					'Using WeChat Reply where such a node stands behind this one and is not disabled, else immediately',
			},
			{
				name: 'Immediately (立即)',
				value: 'onReceived',
				description:
					'Answer "success": the user sees nothing, the workflow has all the time it wants',
			},
			{
				name: 'Using WeChat Reply Node (由回复节点)',
				value: 'responseNode',
				description:
					'Let a WeChat Reply node say what the user sees, within 14 seconds; later by message',
			},
		],
		default: 'automatic',
		description:
			'WeChat waits five seconds for an answer and asks three times before it tells the user that the service is out of order',
	},
	{
		displayName: 'Answer With Reply Rules (回复规则)',
		name: 'rules',
		type: 'options',
		options: [
			{
				name: 'No (否)',
				value: 'no',
				description: 'Everything starts the workflow',
			},
			{
				name: 'Yes (是)',
				value: 'instead',
				description: 'What a rule answers does not start the workflow',
			},
			{
				name: 'Yes, and Start the Workflow (是，并启动工作流)',
				value: 'also',
				description: 'What a rule answers starts the workflow, too',
			},
		],
		default: 'no',
		description:
			'Whether the rules of the account (回复规则) answer at once what they match. Rules are kept with the resource Rule of WeChat Reply.',
	},
	{
		displayName: 'Options',
		name: 'pushOptions',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Account Names or IDs',
				name: 'accounts',
				type: 'multiOptions',
				typeOptions: { loadOptionsMethod: 'getAccounts' },
				displayOptions: { show: { '/authentication': forPlatform.show.authentication } },
				default: [],
				description:
					'Only what comes for these authorized accounts. Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
			{
				displayName: 'Answer Release Test (全网发布检测)',
				name: 'releaseTest',
				type: 'boolean',
				displayOptions: { show: { '/authentication': forPlatform.show.authentication } },
				default: true,
				description:
					"Whether to answer WeChat's full release test without the workflow. Only the ten accounts that WeChat tests with are answered so.",
			},
			{
				displayName: 'Domain Check Files (域名校验文件)',
				name: 'checkFiles',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true },
				placeholder: 'Add file',
				default: {},
				description:
					'Files such as MP_verify_….txt with which WeChat checks a domain (JS接口安全域名, 网页授权域名, 公众号开发域名). The path counts as part of the domain: enter the production URL without https:// there, and download the file to copy its name and content.',
				options: [
					{
						displayName: 'File',
						name: 'file',
						values: [
							{
								displayName: 'Name',
								name: 'name',
								type: 'string',
								default: '',
								placeholder: 'e.g. MP_verify_aBcD1234eFgH5678.txt',
								description: 'Letters, digits, _ and -, and .txt at the end',
							},
							{
								displayName: 'Content (内容)',
								name: 'content',
								type: 'string',
								default: '',
								placeholder: 'e.g. aBcD1234eFgH5678',
								description: 'The text in the file',
							},
						],
					},
				],
			},
			{
				displayName: 'Download Media (下载媒体文件)',
				name: 'downloadMedia',
				type: 'boolean',
				default: false,
				description:
					'Whether to get the file of image, voice and video messages as binary field "data". WeChat keeps it for three days.',
			},
			{
				displayName: 'Event Keys (事件Key)',
				name: 'eventKeys',
				type: 'string',
				default: '',
				placeholder: 'e.g. menu_help, store_*',
				description:
					'Only events with one of these as EventKey: keys of menu items, scenes of QR codes (with or without qrscene_). Separated by commas; * at the end stands for any rest.',
			},
			{
				displayName: 'Join Messages Within … Seconds (合并消息)',
				name: 'joinSeconds',
				type: 'number',
				typeOptions: { minValue: 1, maxValue: 10 },
				default: 3,
				description:
					'How long to wait for another message of the same person, 1 to 10 seconds. What somebody writes in several short messages starts one run, at the latest 12 seconds after the first: chatInput has all texts, messages each of them, and with Download Media the files are data, data1 and so on. A reply goes back on the connection of the latest; the time for it counts from that one. Several processes of n8n join together when Shared State of the credential is Redis; else each joins what it gets.',
			},
			{
				displayName: 'OpenIDs',
				name: 'openIds',
				type: 'string',
				default: '',
				placeholder: 'e.g. oLabT5uQ2mVx8RkZ0wYcJ4nEhP1s',
				description:
					'Only what comes from these users, separated by commas. When it comes out empty, nothing starts the workflow.',
			},
			{
				displayName: 'Page After Authorization (授权后页面)',
				name: 'authorizedPage',
				type: 'string',
				displayOptions: { show: { '/authentication': forPlatform.show.authentication } },
				default: '',
				placeholder: 'e.g. https://www.example.com/welcome',
				description:
					'Where the owner of an account goes who comes back from an authorization link to the production URL with /authorized behind it; accountAppId is added. Without it a closing page is shown.',
			},
			{
				displayName: 'Page After Sign-In (登录后页面)',
				name: 'signedInPage',
				type: 'string',
				default: '',
				placeholder: 'e.g. https://www.example.com/webVerify/',
				description:
					'Where a user goes who comes back from a web authorization link (网页授权) to the production URL with /signed-in behind it. The wxTkId of the item is added, and the state of the link behind #, as in ?wxTkId=…#scan. Without it a closing page is shown.',
			},
			{
				displayName: 'Show Typing (显示正在输入)',
				name: 'typing',
				type: 'boolean',
				default: false,
				description:
					'Whether the user sees "the other side is typing" (对方正在输入) while the workflow works on a reply for more than a second. Needs the permission for customer service messages.',
			},
			{
				displayName: 'Skip While an Agent Talks (人工接待时不触发)',
				name: 'agentTalks',
				type: 'options',
				options: [
					{
						name: 'As WeChat Tells by Events (按微信推送的事件)',
						value: 'events',
						description:
							'From "Session Created" to "Session Closed", which WeChat pushes to this trigger; after 30 minutes WeChat is asked whether the session is still open',
					},
					{
						name: 'Ask WeChat (询问微信)',
						value: 'ask',
						description:
							'Also about users of whom no event has told, at most every 30 seconds for each of them; when WeChat does not say, the message starts the workflow',
					},
				],
				default: 'events',
				description:
					'How to know that a human agent talks to the user. Messages go to the agent then: they match no reply rule and start no workflow. Events start it as always.',
			},
			{
				...voiceFormat,
				description:
					'What voice messages (语音) become that Download Media gets. Speech services take WAV and MP3, but no AMR. Both are made of the voice at 16 kHz where there is one. The item tells the length as voiceSeconds.',
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

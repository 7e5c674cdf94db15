import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { createCallout } from '../n8n/callout';
import { connectionStatus } from '../n8n/connectionStatus';
import { NOTIFICATION_TYPES, OTHER_NOTIFICATION } from '../payV3/notificationTypes';
import { ALL_EVENTS } from './handleNotification';

/** Enough to know what it is about. */
const MAX_FIELDS = 8;

/** n8n's editor searches labels only: behind each, the event is found by WeChat's own name, too. */
const EVENTS: INodePropertyOptions[] = NOTIFICATION_TYPES.map(
	({ event_type, label: [english, chinese], fields }) => ({
		name: `${english} (${chinese}) ${event_type}`,
		value: event_type,
		...(fields && { description: `With ${fields.slice(0, MAX_FIELDS).join(', ')}` }),
	}),
);

const OTHER: INodePropertyOptions = {
	name: 'Other',
	value: OTHER_NOTIFICATION,
	description: 'Any event that is not in this list, with its name in event_type',
};

export const properties: INodeProperties[] = [
	createCallout(
		'notifyUrl',
		'Give the production URL as Notify URL (notify_url) when you create payments, refunds and transfers, after you have published (activated) this workflow. That of complaints is set once, by WeChat Pay > API: Call > POST /v3/merchant-service/complaint-notifications, and that of coupons likewise. WeChat calls https addresses without a query only. Choose below what you give it for: at first only payments are chosen.',
	),
	connectionStatus,
	{
		// n8n's list of nodes offers its entries as triggers by this very label (n8n-editor-ui 2.8.4).
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		options: [
			...EVENTS,
			OTHER,
			{
				name: 'All',
				value: ALL_EVENTS,
				description: 'Everything but WeChat’s self-test. Counts only when nothing else is chosen.',
			},
		],
		default: ['TRANSACTION.SUCCESS'],
		description:
			'Which notifications start the workflow. The others are verified, answered and dropped.',
	},
	{
		displayName: 'Respond (回复方式)',
		name: 'respond',
		type: 'options',
		options: [
			{
				name: 'Immediately (立即)',
				value: 'onReceived',
				description: 'Say that all is well as soon as the notification is verified',
			},
			{
				name: 'After the Workflow Has Succeeded (工作流成功后)',
				value: 'lastNode',
				description:
					'Let WeChat repeat what failed: a failed run starts again with the next repetition',
			},
		],
		default: 'onReceived',
		description:
			'When WeChat is answered. It waits five seconds, and repeats what was not answered well 15 times within 24 hours. A run that takes longer is not started twice: a later repetition gets its result. Several processes of n8n need Redis as Shared State of the credential for that.',
	},
];

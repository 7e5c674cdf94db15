import type { Field } from '../engine/define';
import { MAX_TEXT_BYTES } from '../push/messageTypes';

const choices = {
	displayName: 'Choices (选项)',
	name: 'choices',
	type: 'string',
	wire: false,
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. Monday\nTuesday',
	description: 'One on each line. The number, the words and a tap on the menu count as the answer.',
} as const satisfies Field;

/** How long runs can wait, as n8n's own nodes say it. */
const UNITS = [
	{ name: 'Days (天)', value: 'days' },
	{ name: 'Hours (小时)', value: 'hours' },
	{ name: 'Minutes (分钟)', value: 'minutes' },
] as const;

/**
 * What is asked, behind whom. Names as in n8n's own nodes with this operation: n8n makes its human review of the first
 * four.
 */
export const questionFields = [
	{
		displayName: 'Message (消息)',
		name: 'message',
		type: 'string',
		wire: false,
		required: true,
		typeOptions: { rows: 4 },
		default: '',
		placeholder: 'e.g. May we deliver on Monday?',
		description:
			'The question. An active trigger with the same credential takes the next message of the person as the answer; it starts no other workflow. "取消" or "cancel" ends the question.',
	},
	{
		displayName: 'Response Type (回答类型)',
		name: 'responseType',
		type: 'options',
		needed: true,
		noDataExpression: true,
		wire: false,
		options: [
			{
				name: 'Approval (审批)',
				value: 'approval',
				description: 'Yes or no, as data.approved',
			},
			{
				name: 'Choice (选择)',
				value: 'choice',
				description: 'One of several, as data.choice',
			},
			{
				name: 'Form (逐项提问)',
				// Not n8n's customForm: n8n 2.41 lets such a run be resumed by multipart/form-data only.
				value: 'form',
				description: 'Several questions, one after the other',
			},
			{
				name: 'Free Text (文字)',
				value: 'freeText',
				description: 'Any text, as data.text',
			},
			{
				name: 'Location (位置)',
				value: 'location',
				description: 'A place on the map, as data.location. Bots get none.',
			},
			{
				name: 'Picture (图片)',
				value: 'picture',
				description: 'In the binary field picture',
			},
			{
				name: 'Picture, Voice or Video (图片、语音或视频)',
				value: 'file',
				description:
					'In the binary field file. A bot takes documents, too; of those sent to accounts, WeChat gives none away.',
			},
		],
		default: 'approval',
		description: 'What counts as an answer; anything else is asked for once more',
	},
	{
		displayName: 'Approval Options (审批选项)',
		name: 'approvalOptions',
		type: 'collection',
		wire: false,
		displayOptions: { show: { responseType: ['approval'] } },
		placeholder: 'Add option',
		default: {},
		description: 'What the two choices say',
		options: [
			{
				displayName: 'Approve Label (同意文字)',
				name: 'approveLabel',
				type: 'string',
				default: '同意',
				description: 'The first choice',
			},
			{
				displayName: 'Decline Label (拒绝文字)',
				name: 'disapproveLabel',
				type: 'string',
				default: '拒绝',
				description: 'The second choice',
			},
		],
	},
	{ ...choices, required: true, displayOptions: { show: { responseType: ['choice'] } } },
	{
		displayName: 'Questions (问题)',
		name: 'formFields',
		type: 'fixedCollection',
		wire: false,
		typeOptions: { multipleValues: true, sortable: true },
		required: true,
		displayOptions: { show: { responseType: ['form'] } },
		default: {},
		placeholder: 'Add Question',
		description:
			'What to ask, one after the other; Message stands before the first. Enter at least one.',
		options: [
			{
				displayName: 'Question',
				name: 'values',
				values: [
					{
						displayName: 'Question (问题)',
						name: 'fieldLabel',
						type: 'string',
						required: true,
						default: '',
						placeholder: 'e.g. How many people?',
						description: 'What the person reads',
					},
					{
						displayName: 'Name in Output (输出名称)',
						name: 'fieldName',
						type: 'string',
						default: '',
						placeholder: 'e.g. people',
						description: 'The key of the answer in data; the question itself when empty',
					},
					{
						displayName: 'Answer (答案类型)',
						name: 'fieldType',
						type: 'options',
						needed: true,
						options: [
							{ name: 'Choice (选择)', value: 'choice' },
							{ name: 'Location (位置)', value: 'location' },
							{ name: 'Number (数字)', value: 'number' },
							{ name: 'Picture (图片)', value: 'picture' },
							{ name: 'Picture, Voice or Video (图片、语音或视频)', value: 'file' },
							{ name: 'Text (文字)', value: 'text' },
						],
						default: 'text',
						description: 'What counts as an answer',
					},
					{ ...choices, displayOptions: { show: { fieldType: ['choice'] } } },
				],
			},
		],
	},
	{
		displayName: 'Time Limit (时限)',
		name: 'resumeAmount',
		type: 'number',
		needed: true,
		wire: false,
		typeOptions: { minValue: 1 },
		default: 24,
		description:
			'After that the run goes on with outcome "noAnswer". Later than 48 hours after the last message of the person (24 for a bot), WeChat lets you send nothing more.',
	},
	{
		displayName: 'Time Unit (时间单位)',
		name: 'resumeUnit',
		type: 'options',
		needed: true,
		wire: false,
		options: [...UNITS],
		default: 'hours',
		description: 'Unit of the time limit',
	},
] as const satisfies Field[];

/** What to do about a question of before. */
export const ifAsked = {
	displayName: 'If Already Asked (已有提问时)',
	name: 'ifAsked',
	type: 'options',
	options: [
		{
			name: 'Ask Anyway (照样提问)',
			value: 'ask',
			description: 'The newest question is answered first, then the one before',
		},
		{ name: 'Fail (报错)', value: 'fail', description: 'Nothing is sent' },
	],
	default: 'ask',
	description:
		'What to do when the person has not answered another question yet; the output has their number as openQuestions',
} as const satisfies Field;

/** What the person hears afterwards, see QuestionTexts. */
export const questionTexts = [
	{
		displayName: 'Text When Cancelled (取消后回复)',
		name: 'cancelled',
		type: 'string',
		default: '已取消。(Cancelled.)',
		maxBytes: MAX_TEXT_BYTES,
		description: 'What the person reads after "取消" or "cancel"; nothing when empty',
	},
	{
		displayName: 'Text When Done (完成后回复)',
		name: 'thanks',
		type: 'string',
		default: '已收到，谢谢。(Received, thank you.)',
		maxBytes: MAX_TEXT_BYTES,
		description: 'What the person reads after the answer; nothing when empty',
	},
	{
		displayName: 'Text When It Does Not Fit (答非所问时回复)',
		name: 'wrong',
		type: 'string',
		default: '请按要求回复，或回复“取消”。(Please answer the question, or send "cancel".)',
		maxBytes: 1024,
		description:
			'What the person reads before the question is asked once more. Without this option it names what is wanted, such as a number.',
	},
] as const satisfies Field[];

/** The collection that the options of a question are in. */
export const questionOptions = {
	displayName: 'Question Options (提问选项)',
	name: 'questionOptions',
	type: 'collection',
	wire: false,
	placeholder: 'Add option',
	default: {},
	description: 'What is seldom needed',
} as const;

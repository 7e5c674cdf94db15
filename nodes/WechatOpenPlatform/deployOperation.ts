import { ConnectionError } from '../base/connectionError';
import { ApiError } from '../api/apiError';
import { UserError } from '../base/userError';
import type { Field } from '../engine/define';
import { readParams } from '../engine/parameters';
import { deploy, type DeployOutcome, type DeployPlan, type DeployStep } from './deployment';
import { itemsToReview, moreToSubmit, readSubmission } from './fields/submission';
import { actingFor, definePlatformLocal } from './fields/account';
import { toCommitBody, upload } from './fields/upload';
import { businessDomains, serverDomains } from './fields/domains';

/** Puts the value of a field into one part of the body; each part is the body of one call. */
const putInPart = <F extends Field>(part: string, field: F): F => ({
	...field,
	...(field.type === 'collection'
		? { options: (field.options as Field[]).map((option) => putInPart(part, option)) }
		: { wire: `${part}.${field.wire ?? field.name}` }),
});

const whenSubmitted = { displayOptions: { show: { submit: [true] } } };

const NAMES: Record<DeployStep, string> = {
	input: 'fields of the node',
	serverDomains: 'server domains',
	businessDomains: 'business domains',
	commit: 'commit',
	privacyCheck: 'privacy check',
	submit: 'submission for review',
};

const NAMES_IN_CHINESE: Record<DeployStep, string> = {
	input: '节点字段',
	serverDomains: '服务器域名',
	businessDomains: '业务域名',
	commit: '上传代码',
	privacyCheck: '隐私接口检测',
	submit: '提交审核',
};

export const deployOperation = definePlatformLocal({
	name: 'Deploy',
	value: 'deploy',
	action: 'Deploy code to mini program',
	chinese: '上传代码并提审',
	description:
		'Set domains, commit a template, wait for the privacy check (代码隐私检测) and submit for review, with one result for each account. Stops at the first failure and says what is done.',
	fields: [
		actingFor,
		...upload.map((field) => putInPart('commit', field)),
		putInPart('serverDomains', {
			...serverDomains,
			description:
				'Replace all server domains (服务器域名) that are set. Leave empty to keep them as they are.',
		}),
		putInPart('business', {
			...businessDomains,
			description:
				'Replace all domains whose pages the mini program may show (业务域名), with commas or line breaks between them. Leave empty to keep them as they are.',
		}),
		{
			displayName: 'Submit for Review (提交审核)',
			name: 'submit',
			type: 'boolean',
			needed: true,
			wire: false,
			default: true,
			description: 'Whether to submit the code for review after the commit',
		},
		{ ...itemsToReview, ...whenSubmitted, readLater: true },
		{ ...putInPart('submission', moreToSubmit), ...whenSubmitted },
		{
			displayName: 'Wait for Privacy Check (等待隐私检测)',
			name: 'privacyMinutes',
			type: 'number',
			needed: true,
			wire: false,
			...whenSubmitted,
			typeOptions: { minValue: 0, maxValue: 60 },
			default: 5,
			description:
				'How many minutes to wait at most while WeChat checks the code for privacy APIs (61039)',
		},
		{
			displayName: 'If an Account Fails (账号失败时)',
			name: 'onFailure',
			type: 'options',
			wire: false,
			options: [
				{
					name: 'Fail',
					value: 'fail',
					description: 'The node fails, with what is done in the description of the error',
				},
				{
					name: 'Report in Output',
					value: 'report',
					description: 'The result of the account says where it failed, why, and what is done',
				},
			],
			default: 'report',
			description: 'What to do when a step fails',
		},
	],
	async run(params, client, { body }) {
		const { appId } = client;
		const outcome = await deploy(() => toPlan(body, params), client);
		const { failure } = outcome;
		if (failure && params.onFailure === 'fail')
			throw describeProgress(failure, outcome.done, appId);
		return {
			account: appId,
			success: !failure,
			version: params.user_version,
			...(failure
				? describeFailure(failure)
				: outcome.auditid !== undefined && { auditid: outcome.auditid }),
			done: outcome.done,
		};
	},
});

interface Wanted {
	submit: boolean;
	items?: unknown;
	privacyMinutes?: number;
}

function toPlan(
	body: Record<string, unknown>,
	{ submit, items: given, privacyMinutes = 0 }: Wanted,
): DeployPlan {
	const { items = [] } = submit ? readParams([itemsToReview], () => given) : {};
	const { commit, serverDomains: lists, business, submission = {} } = body;
	return {
		serverDomains: lists as DeployPlan['serverDomains'],
		businessDomains: (business as { webviewdomain?: string[] } | undefined)?.webviewdomain,
		commit: toCommitBody(commit as Record<string, unknown>),
		submission: submit ? readSubmission(submission as Record<string, unknown>, items) : undefined,
		privacyCheckMs: privacyMinutes * 60_000,
	};
}

type Failure = NonNullable<DeployOutcome['failure']>;

const describeFailure = ({ at, error }: Failure) => ({
	failedAt: at,
	reason: error.message,
	advice: error.hint,
	errcode: findCode(error),
});

/** Adds to the error how far the deployment went. */
function describeProgress({ at, error }: Failure, done: DeployStep[], appId: string): UserError {
	const steps = done.map((step) => NAMES[step]).join(', ');
	const progress = `Account ${appId} stopped at: ${NAMES[at]}. Done before that: ${steps || 'nothing'}.`;
	const doneInChinese = done.map((step) => NAMES_IN_CHINESE[step]).join('、');
	const progressInChinese = `账号 ${appId} 停在“${NAMES_IN_CHINESE[at]}”，此前已完成：${doneInChinese || '无'}。`;
	return error.with({
		hint: [progress, error.hint].filter(Boolean).join(' '),
		chinese: [progressInChinese, error.chinese].filter(Boolean).join(''),
	});
}

function findCode(error: UserError): number | string | null {
	if (error instanceof ApiError) return error.errcode;
	return error instanceof ConnectionError ? error.code : null;
}

import { defineResource, type Field } from '../../engine/define';
import { describeReview } from '../reviewTexts';
import { itemsToReview, moreToSubmit, readSubmission } from '../fields/submission';
import { actingFor, definePlatformRequest } from '../fields/account';
import { inputFile } from '../../engine/fields';

const auditId = {
	displayName: 'Audit ID (审核单号)',
	name: 'auditid',
	type: 'string',
	as: 'integer',
	required: true,
	default: '',
	placeholder: 'e.g. 1234567',
	description: 'The auditid that Submit, Deploy or Get Latest Status returned',
} as const satisfies Field;

/** The review of a version before its release. Source: "Code review" (代码审核). */
export const reviews = defineResource('Code Review (代码审核)', 'review', [
	definePlatformRequest({
		name: 'Submit',
		value: 'submit',
		action: 'Submit code for review',
		chinese: '提交代码审核',
		description:
			'Submit the trial version for review. Right after a commit WeChat refuses it with 61039 while it checks the privacy APIs; Code: Deploy waits for that. The result comes to WeChat Trigger.',
		path: '/wxa/submit_audit',
		effect: 'write',
		fields: [actingFor, itemsToReview, moreToSubmit],
		prepare: (body, { items }) => readSubmission(body, items),
	}),
	definePlatformRequest({
		name: 'Get Latest Status',
		value: 'getLatest',
		action: 'Get latest status of code review',
		chinese: '查询最新审核状态',
		description: 'Get how far the last version is that was submitted (查询最新一次审核单状态)',
		path: '/wxa/get_latest_auditstatus',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
		present: describeReview,
	}),
	definePlatformRequest({
		name: 'Get Status',
		value: 'get',
		action: 'Get status of code review',
		chinese: '查询审核状态',
		description: 'Get how far a version is that was submitted (查询审核单状态)',
		path: '/wxa/get_auditstatus',
		effect: 'read',
		fields: [actingFor, auditId],
		present: (answer, { auditid }) => ({ auditid: Number(auditid), ...describeReview(answer) }),
	}),
	definePlatformRequest({
		name: 'Withdraw',
		value: 'withdraw',
		action: 'Withdraw code from review',
		chinese: '撤回代码审核',
		description:
			'Take the version that is under review back, at most 5 times a day and 10 times a month',
		path: '/wxa/undocodeaudit',
		effect: 'write',
		method: 'GET',
		// Not repeatable: WeChat would count a second call, too.
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Speed Up',
		value: 'speedUp',
		action: 'Speed up code review',
		chinese: '加急代码审核',
		description: 'Have a version reviewed sooner, as often as Get Quota says',
		path: '/wxa/speedupaudit',
		effect: 'write',
		fields: [actingFor, auditId],
	}),
	definePlatformRequest({
		name: 'Get Quota',
		value: 'getQuota',
		action: 'Get quota of code reviews',
		chinese: '查询审核额度',
		description:
			'Get how many versions of all mini programs may still be submitted and sped up this month (查询服务商审核额度)',
		path: '/wxa/queryquota',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Upload Media',
		value: 'uploadMedia',
		action: 'Upload media for code review',
		chinese: '上传提审素材',
		description: 'Upload a picture or video that explains the version to WeChat (提审素材上传)',
		path: '/wxa/uploadmedia',
		effect: 'write',
		fields: [actingFor, inputFile],
	}),
]);

import { defineResource } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';
import { toStatusText, type StatusTexts } from '../reviewTexts';

const APPEALS: StatusTexts = {
	1: 'Under review (正在处理)',
	2: 'Passed (申诉通过)',
	3: 'Refused (申诉不通过)',
};

interface Appeal {
	appeal_status: number;
}

/** Violations of a mini program, and appeals against them. Source: "Records" (违规和申诉管理). */
export const violations = defineResource('Violation (违规记录)', 'violation', [
	definePlatformRequest({
		name: 'Get Many',
		value: 'getAll',
		action: 'Get many violations',
		chinese: '获取违规处罚记录',
		description: 'Get the violations of a mini program (获取小程序违规处罚记录)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record-management/getIllegalRecords.html',
		path: '/wxa/getillegalrecords',
		effect: 'read',
		page: { items: 'records' },
		fields: [
			actingFor,
			{
				displayName: 'From',
				name: 'start_time',
				type: 'dateTime',
				as: 'unixSeconds',
				check: true,
				default: '',
				description: 'Only violations after this time. Leave empty for the last 90 days.',
			},
			{
				displayName: 'To',
				name: 'end_time',
				type: 'dateTime',
				as: 'unixSeconds',
				check: true,
				default: '',
				description: 'Only violations before this time. Leave empty for up to now.',
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Many Appeals',
		value: 'getAppeals',
		action: 'Get many appeals against violation',
		chinese: '获取申诉记录',
		description: 'Get the appeals against a violation (获取小程序申诉记录)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record-management/getAppealRecords.html',
		path: '/wxa/getappealrecords',
		effect: 'read',
		page: { items: 'records' },
		fields: [
			actingFor,
			{
				displayName: 'Violation ID (违规记录ID)',
				name: 'illegal_record_id',
				type: 'string',
				required: true,
				default: '',
				description: 'The illegal_record_id that Get Many returned',
			},
		],
		run: async ({ io: { list } }) =>
			((await list()) as Appeal[]).map((appeal) => ({
				...appeal,
				statusText: toStatusText(APPEALS, appeal.appeal_status),
			})),
	}),
]);

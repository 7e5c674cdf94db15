import type { Answer } from '../../api/apiClient';
import { readList, readObject } from '../../api/response';
import { UserError } from '../../base/userError';
import { defineResource, type Field } from '../../engine/define';
import { binaryField } from '../../engine/fields';
import { actingFor, definePlatformRequest } from '../fields/account';
import { checkFiling, filingData } from '../fields/verification';
import { toFaceStatus, toFilingStatus } from '../verificationTexts';
import { inputFile } from '../../engine/fields';

const FACE_CHECK = '/wxa/icp/query_icp_verifytask';
const PASSED = 3;

const describeFaceCheck = (answer: Answer): Answer => ({
	...answer,
	statusText: toFaceStatus(answer.face_status),
});

function readFaceCheck(answer: Answer): Answer | undefined {
	if (answer.is_finish !== true) return undefined;
	const described = describeFaceCheck(answer);
	if (Number(answer.face_status) === PASSED) return described;
	throw new UserError(
		`The face check ended: ${String(described.statusText)}`,
		'Create another face check; the administrator of the mini program gets it in WeChat.',
		`人脸核身已结束（${String(described.statusText)}）：请重新发起，小程序管理员会在微信中收到。`,
	);
}

interface District {
	type: number;
	code: string | number;
	name: string;
	sub_list?: District[];
}

/** Lists all districts, each with the names of those around it. */
function listDistricts(districts: District[], path: string[] = []): Array<{ path: string }> {
	return districts.flatMap(({ sub_list, code, ...district }) => {
		const names = [...path, district.name];
		const row = { ...district, code: String(code), path: names.join(' > ') };
		return [row, ...listDistricts(sub_list ?? [], names)];
	});
}

/** Where a picture of a filing is for; nrlx_details stands for all of its entries. */
const PLACES = [
	['Applicant: Certificate', 'icp_subject.organize_info.certificate_photo'],
	['Applicant: Residence Permit', 'icp_subject.personal_info.residence_permit'],
	['Approval', 'icp_applets.base_info.nrlx_details'],
	['Materials: Commitment Letter', 'icp_materials.commitment_letter'],
	['Materials: Name Change Letter', 'icp_materials.business_name_change_letter'],
	['Materials: Other of the Applicant', 'icp_materials.subject_other_materials'],
	['Materials: Other of the Mini Program', 'icp_materials.applets_other_materials'],
	['Materials: Promise Video', 'icp_materials.promise_video'],
	['Mini Program: Authorization Letter', 'icp_applets.principal_info.authorization_letter'],
	['Mini Program: Certificate, Back', 'icp_applets.principal_info.certificate_photo_back'],
	['Mini Program: Certificate, Front', 'icp_applets.principal_info.certificate_photo_front'],
	['Responsible Person: Authorization Letter', 'icp_subject.principal_info.authorization_letter'],
	['Responsible Person: Certificate, Back', 'icp_subject.principal_info.certificate_photo_back'],
	['Responsible Person: Certificate, Front', 'icp_subject.principal_info.certificate_photo_front'],
].map(([name, value]) => ({ name, value }));

const media = {
	displayName: 'Media ID (素材ID)',
	name: 'media_id',
	type: 'string',
	in: 'query',
	required: true,
	default: '',
	description: 'The media_id that Upload Media returned',
} as const satisfies Field;

/** The filing of mini programs with the authorities of China, without which they cannot be released. */
export const filing = defineResource('ICP Filing (小程序备案)', 'filing', [
	definePlatformRequest({
		name: 'Get',
		value: 'get',
		action: 'Get ICP filing',
		chinese: '获取已备案详情',
		description: 'Get what is filed of a mini program (获取小程序已备案详情), without pictures',
		doc: 'oplatform/openApi/miniprogram-management/record/api_getonlineicporder.html',
		path: '/wxa/icp/get_online_icp_order',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get State',
		value: 'getState',
		action: 'Get state of ICP filing',
		chinese: '获取备案状态及驳回原因',
		description: 'Get how far the filing is, and why it was refused (获取小程序备案状态及驳回原因)',
		doc: 'oplatform/openApi/miniprogram-management/record/api_geticpentranceinfo.html',
		path: '/wxa/icp/get_icp_entrance_info',
		effect: 'read',
		method: 'GET',
		fields: [actingFor],
		present({ info }) {
			const state = readObject(info);
			return { ...state, statusText: toFilingStatus(state.status) };
		},
	}),
	definePlatformRequest({
		name: 'Apply',
		value: 'apply',
		action: 'Apply for ICP filing',
		chinese: '申请小程序备案',
		description:
			'Apply for the ICP filing of a mini program. What is missing is named before anything is sent. Get State tells how far it is, and the trigger gets "Platform: ICP Filing Result".',
		doc: 'oplatform/openApi/miniprogram-management/record/api_applyicpfiling.html',
		path: '/wxa/icp/apply_icp_filing',
		effect: 'write',
		fields: [actingFor, ...filingData],
		prepare: (body) => checkFiling(body),
		ifLost: 'Before you send it again, see with ICP Filing: Get State whether it was.',
		hint: {
			codes: new Set([86205, 86324]),
			text: 'Upload pictures with Upload Media, for this mini program, and see with Get State whether an application is under review already.',
			chinese:
				'请用“上传备案媒体材料”为此小程序上传图片，并用“获取备案状态及驳回原因”查看是否已有审核中的申请。',
		},
	}),
	definePlatformRequest({
		name: 'Withdraw Application',
		value: 'withdraw',
		action: 'Withdraw application for ICP filing',
		chinese: '撤回备案申请',
		description:
			'Take an application back (撤回小程序备案申请), as long as WeChat itself has not passed it',
		doc: 'oplatform/openApi/miniprogram-management/record/api_cancelapplyicpfiling.html',
		path: '/wxa/icp/cancel_apply_icp_filing',
		effect: 'write',
		ifLost: 'Before you send it again, see with ICP Filing: Get State whether it was.',
		fields: [actingFor],
		hint: {
			codes: new Set([86330, 86368]),
			text: 'Nothing can be withdrawn: Get State tells whether WeChat is still reviewing it.',
			chinese: '没有可撤回的申请：请用“获取备案状态及驳回原因”查看微信是否仍在审核。',
		},
	}),
	definePlatformRequest({
		name: 'Cancel Filing',
		value: 'cancel',
		action: 'Cancel ICP filing',
		chinese: '注销小程序备案',
		description:
			'Cancel the filing of a mini program that is filed. This cannot be taken back; the authority asks the responsible person by a message to the phone.',
		doc: 'oplatform/openApi/miniprogram-management/record/api_cancelicpfiling.html',
		path: '/wxa/icp/cancel_icp_filing',
		effect: 'write',
		ifLost: 'Before you send it again, see is_canceling with ICP Filing: Get State.',
		hint: {
			codes: new Set([86324, 86353]),
			text: 'Only what is filed can be canceled, and only once: see Get State.',
			chinese: '只有已备案的小程序才能注销，且只能注销一次：请用“获取备案状态及驳回原因”查看。',
		},
		fields: [
			actingFor,
			{
				displayName: 'Cancel (注销类型)',
				name: 'cancel_type',
				type: 'options',
				options: [
					{ name: 'The Applicant (注销主体)', value: 1 },
					{ name: 'The Mini Program (注销小程序)', value: 2 },
					{ name: 'The WeChat Mini Program (注销微信小程序)', value: 3 },
				],
				default: 2,
				description: 'What is canceled (注销类型)',
			},
			{
				displayName: 'Reason',
				name: 'reason_type',
				type: 'options',
				options: [
					{ name: 'The Applicant Has Changed (主体信息发生变更)', value: 2 },
					{ name: 'The Mini Program Has Ended (不再运营该小程序)', value: 1 },
				],
				default: 1,
				description: 'Why it is canceled (注销原因)',
			},
		],
	}),
	definePlatformRequest({
		name: 'Create Face Check',
		value: 'createFaceCheck',
		action: 'Create face check for ICP filing',
		chinese: '发起管理员人脸核身',
		description:
			'Ask the administrator of a mini program for a face check (发起小程序管理员人脸核身). Put task_id of the result into Apply, as verify_task_id.',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/createIcpVerifyTask.html',
		path: '/wxa/icp/create_icp_verifytask',
		effect: 'write',
		ifLost: 'Another face check does no harm: only the last one counts.',
		fields: [actingFor],
		wait: {
			until: 'Passed',
			describe: ({ task_id }) => `Its task_id is ${String(task_id)}`,
			later: 'The administrator can still do it: Get Face Check State tells how it ended.',
			ask: ({ task_id }) => ({ path: FACE_CHECK, body: { task_id: String(task_id) } }),
			finish: readFaceCheck,
		},
	}),
	definePlatformRequest({
		name: 'Get Face Check State',
		value: 'getFaceCheck',
		action: 'Get state of face check for ICP filing',
		chinese: '查询人脸核身状态',
		description: 'Get whether the administrator has passed the face check (查询人脸核身任务状态)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/queryIcpVerifyTask.html',
		path: FACE_CHECK,
		effect: 'read',
		fields: [
			actingFor,
			{
				displayName: 'Task ID (任务ID)',
				name: 'task_id',
				type: 'string',
				required: true,
				default: '',
				description: 'The task_id that Create Face Check returned',
			},
		],
		present: describeFaceCheck,
	}),
	definePlatformRequest({
		name: 'Upload Media',
		value: 'uploadMedia',
		action: 'Upload media for ICP filing',
		chinese: '上传备案媒体材料',
		description: 'Upload a picture or video (上传小程序备案媒体材料), whose media_id Apply takes',
		doc: 'oplatform/openApi/miniprogram-management/record/api_uploadicpmedia.html',
		path: '/wxa/icp/upload_icp_media',
		effect: 'write',
		isRepeatable: true,
		fields: [
			actingFor,
			inputFile,
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				options: [
					{ name: 'Image', value: 'image' },
					{ name: 'Video', value: 'video' },
				],
				default: 'image',
				description: 'What the file is (媒体材料类型)',
			},
			{
				displayName: 'Is For',
				name: 'icp_order_field',
				type: 'options',
				options: PLACES,
				default: 'icp_subject.principal_info.certificate_photo_front',
				description:
					'Where it goes (备案字段名). One picture may serve several places, such as the ID card of a person who is responsible for both.',
			},
			{
				displayName: 'Certificate Type Name or ID',
				name: 'certificate_type',
				type: 'options',
				typeOptions: {
					loadOptionsMethod: 'getCertificateTypes',
					loadOptionsDependsOn: ['account.value'],
				},
				default: '',
				description:
					'For certificates (证件类型); for both sides of an ID card 2, else WeChat refuses it later. Choose from the list, or specify an ID using an <a href="https://docs.n8n.io/code/expressions/">expression</a>.',
			},
		],
	}),
	definePlatformRequest({
		name: 'Get Media',
		value: 'getMedia',
		action: 'Get media of ICP filing',
		chinese: '获取备案媒体材料',
		description: 'Get a picture or video that was uploaded (获取小程序备案媒体材料)',
		doc: 'oplatform/openApi/miniprogram-management/record/api_geticpmedia.html',
		path: '/wxa/icp/get_icp_media',
		effect: 'read',
		method: 'GET',
		fields: [actingFor, media, binaryField],
		download: 'binaryPropertyName',
	}),
	definePlatformRequest({
		name: 'Get Many Approval Types',
		value: 'getApprovalTypes',
		action: 'Get many approval types for ICP filing',
		chinese: '获取前置审批项类型',
		description: 'Get what needs an approval beforehand (前置审批项)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/queryIcpNrlxTypes.html',
		path: '/wxa/icp/query_icp_nrlx_types',
		effect: 'read',
		method: 'GET',
		page: { items: 'items' },
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many Subject Types',
		value: 'getSubjectTypes',
		action: 'Get many subject types for ICP filing',
		chinese: '获取单位性质',
		description: 'Get the kinds of applicants',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/queryIcpSubjectTypes.html',
		path: '/wxa/icp/query_icp_subject_types',
		effect: 'read',
		method: 'GET',
		page: { items: 'items' },
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many Certificate Types',
		value: 'getCertificateTypes',
		action: 'Get many certificate types for ICP filing',
		chinese: '获取证件类型',
		description: 'Get which certificates each kind of applicant has',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/queryIcpCertificateTypes.html',
		path: '/wxa/icp/query_icp_certificate_types',
		effect: 'read',
		method: 'GET',
		page: { items: 'items' },
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many Service Types',
		value: 'getServiceTypes',
		action: 'Get many service types for ICP filing',
		chinese: '获取服务内容类型',
		description: 'Get the contents that mini programs offer',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/queryIcpServiceContentTypes.html',
		path: '/wxa/icp/query_icp_service_content_types',
		effect: 'read',
		method: 'GET',
		page: { items: 'items' },
		fields: [actingFor],
	}),
	definePlatformRequest({
		name: 'Get Many Districts',
		value: 'getDistricts',
		action: 'Get many districts for ICP filing',
		chinese: '获取区域信息',
		description: 'Get the codes of provinces, cities and districts',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/record/queryIcpDistrictCode.html',
		path: '/wxa/icp/query_icp_district_code',
		effect: 'read',
		method: 'GET',
		fields: [
			actingFor,
			{
				displayName: 'Name Contains',
				name: 'contains',
				type: 'string',
				wire: false,
				default: '',
				placeholder: 'e.g. 海珠',
				description: 'Only districts in whose names this is. Leave empty for all.',
			},
		],
		present: ({ items }, { contains }) =>
			listDistricts(readList<District>(items)).filter(({ path }) => path.includes(contains)),
	}),
]);

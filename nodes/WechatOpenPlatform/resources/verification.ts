import { readList } from '../../api/response';
import { defineResource, type Field } from '../../engine/define';
import { actingFor, definePlatformRequest } from '../fields/account';
import { listLeaves, type IdentityNode } from '../identities';
import { checkFiling, filingData, verificationData } from '../fields/verification';
import { describeProcedure, describeVerification } from '../verificationTexts';
import { inputFile } from '../../engine/fields';

const taskId = {
	displayName: 'Task ID (任务ID)',
	name: 'taskid',
	type: 'string',
	required: true,
	default: '',
	description: 'The taskid that Submit or Resubmit returned',
} as const satisfies Field;

/** The yearly verification of mini programs. The trigger gets how far each is. */
export const verification = defineResource('Verification (微信认证)', 'verification', [
	definePlatformRequest({
		name: 'Submit',
		value: 'submit',
		action: 'Submit verification',
		chinese: '提交小程序认证',
		description:
			'Hand in a mini program for its verification (小程序认证). Send auth_url of the result to its administrator, who confirms within 24 hours. The trigger gets "Platform: Mini Program Verification Progress".',
		doc: 'oplatform/openApi/miniprogram-management/weapp-wxverify/api_secwxaapi_wxaauth.html',
		path: '/wxa/sec/wxaauth',
		effect: 'write',
		ifLost:
			'Before you send it again, look in the verification (微信认证) of the mini program at mp.weixin.qq.com whether it was.',
		fields: [actingFor, ...verificationData],
	}),
	definePlatformRequest({
		name: 'Resubmit',
		value: 'resubmit',
		action: 'Resubmit verification',
		chinese: '重新提交认证',
		description:
			'Hand in a verification that WeChat has returned (重新提审), when Get State says that it is to be corrected',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/weapp-wxverify/secwxaapi_reauth.html',
		path: '/wxa/sec/reauth',
		effect: 'write',
		fields: [actingFor, { ...taskId, wire: 'auth_data.taskid' }, ...verificationData],
	}),
	definePlatformRequest({
		name: 'Get State',
		value: 'getState',
		action: 'Get state of verification',
		chinese: '查询认证进度',
		description: 'Get how far a verification is (认证进度查询)',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/weapp-wxverify/secwxaapi_queryauth.html',
		path: '/wxa/sec/queryauth',
		effect: 'read',
		fields: [actingFor, taskId],
		present: describeVerification,
	}),
	definePlatformRequest({
		name: 'Submit With Filing',
		value: 'submitWithFiling',
		action: 'Submit verification with filing',
		chinese: '提交认证及备案申请',
		description:
			'Hand in a mini program for its verification and its ICP filing in one step (申请小程序认证及备案)',
		doc: 'oplatform/openApi/miniprogram-management/wxverifyicp/api_submitauthandicp.html',
		path: '/wxa/sec/submit_auth_and_icp',
		effect: 'write',
		ifLost:
			'Before you send it again, look in the verification (微信认证) of the mini program at mp.weixin.qq.com whether it was.',
		fields: [actingFor, ...verificationData, ...filingData],
		prepare: ({ auth_data, ...filing }) => ({ auth_data, ...checkFiling(filing) }),
	}),
	definePlatformRequest({
		name: 'Get State With Filing',
		value: 'getStateWithFiling',
		action: 'Get state of verification with filing',
		chinese: '查询认证及备案进度',
		description: 'Get how far a verification with filing is',
		doc: 'oplatform/openApi/miniprogram-management/wxverifyicp/api_queryauthandicp.html',
		path: '/wxa/sec/query_auth_and_icp',
		effect: 'read',
		fields: [
			actingFor,
			{
				displayName: 'Procedure ID (流程ID)',
				name: 'procedure_id',
				type: 'string',
				required: true,
				default: '',
				description: 'The procedure_id that Submit With Filing returned',
			},
		],
		present: describeProcedure,
	}),
	definePlatformRequest({
		name: 'Upload Material',
		value: 'upload',
		action: 'Upload material of verification',
		chinese: '上传认证材料',
		description:
			'Upload a picture of a license or another paper (上传补充材料), whose mediaid Submit takes',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/weapp-wxverify/secwxaapi_uploadauthmaterial.html',
		path: '/wxa/sec/uploadauthmaterial',
		effect: 'write',
		isRepeatable: true,
		fields: [actingFor, inputFile],
	}),
	definePlatformRequest({
		name: 'Get Many Identities',
		value: 'getIdentities',
		action: 'Get many identities of verification',
		chinese: '查询认证身份选项',
		description:
			'Get as what persons can be verified (查询个人认证身份选项列表), and which material each needs',
		doc: 'oplatform/openApi/OpenApiDoc/miniprogram-management/weapp-wxverify/secwxaapi_authidentitytree.html',
		path: '/wxa/sec/authidentitytree',
		effect: 'read',
		fields: [actingFor],
		present: ({ identity_tree_list }) => listLeaves(readList<IdentityNode>(identity_tree_list)),
	}),
]);

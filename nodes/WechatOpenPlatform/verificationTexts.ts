import type { Answer } from '../api/apiClient';
import { toStatusText, type StatusTexts } from './reviewTexts';

/** Maps `task_status` of a verification to words: how far the administrator and the payment are. */
const TASKS: StatusTexts = {
	0: 'Created (初始状态)',
	1: 'Not done within 24 hours (任务超时)',
	2: 'Refused by the administrator (管理员拒绝)',
	3: 'Accepted by the administrator (管理员同意)',
	4: 'Face check has begun (发起人脸)',
	5: 'Face check failed (人脸认证失败)',
	6: 'Face check passed (人脸认证成功)',
	7: 'Code sent to the phone (已发送短信)',
	8: 'Phone check failed (短信验证失败)',
	9: 'Phone check passed (短信验证成功)',
	11: 'Order failed (创建审核单失败)',
	12: 'Order created (创建审核单成功)',
	14: 'Verification failed (验证失败)',
	15: 'Waiting for the payment (等待支付)',
};

/** Maps `apply_status` of a verification to words: how far the review is. */
const REVIEWS: StatusTexts = {
	0: 'Not begun (初始状态)',
	1: 'Waiting for the payment (等待支付)',
	2: 'Under review (审核中)',
	3: 'Returned to be corrected (打回重填)',
	4: 'Passed (认证通过)',
	5: 'Failed (认证最终失败)',
};

/** Maps `procedure_status` of a verification with filing to words. */
const PROCEDURES: StatusTexts = {
	...TASKS,
	16: 'Paid (支付成功)',
	17: 'Verification under review (认证审核中)',
	18: 'Verification returned to be corrected (认证打回重填)',
	19: 'Verification passed (认证通过)',
	20: 'Verification failed (认证最终失败)',
	21: 'Filing order failed (创建备案单失败)',
	22: 'Filing under review at WeChat (备案平台审核中)',
	23: 'Filing returned by WeChat (备案平台审核驳回)',
	24: 'Filing under review at the authority (备案管局审核中)',
	25: 'Filing returned by the authority (备案管局审核驳回)',
	26: 'Verified and filed (认证及备案完成)',
	27: 'Ended: too late (流程已过期)',
	28: 'Ended: stopped (流程已终止)',
	29: 'Ended: withdrawn (备案已撤回)',
};

/** Maps `status` of get_icp_entrance_info, and `beian_status` of its push, to words. */
const FILINGS: StatusTexts = {
	2: 'Under review at WeChat (平台审核中)',
	3: 'Refused by WeChat (平台审核驳回)',
	4: 'Under review at the authority (管局审核中)',
	5: 'Refused by the authority (管局审核驳回)',
	6: 'Filed (已备案)',
};

/** From this number on a mini program is not filed, and its bits say what is missing. */
const NOT_FILED = 1024;
const MISSING = [
	'name, avatar or description (小程序信息未填)',
	'category (小程序类目未填)',
	'verification (小程序未认证)',
];

/** Maps `face_status` of a face check to words. */
const FACES: StatusTexts = {
	0: 'Not begun (未开始)',
	1: 'Waiting for the administrator (等待录制)',
	2: 'Failed (人脸核身失败)',
	3: 'Passed (人脸核身成功)',
};

export const toFaceStatus = (status: unknown) => toStatusText(FACES, status);

/** @see https://developers.weixin.qq.com/doc/oplatform/openApi/miniprogram-management/record/api_geticpentranceinfo.html */
export function toFilingStatus(status: unknown): string | undefined {
	const number = Number(status);
	if (!(number >= NOT_FILED)) return toStatusText(FILINGS, status);
	const missing = MISSING.filter((_, bit) => (number >> bit) % 2 === 1);
	return `Not filed (未备案)${missing.length > 0 ? `, without ${missing.join(', ')}` : ''}`;
}

/** @see https://developers.weixin.qq.com/doc/oplatform/openApi/miniprogram-management/weapp-wxverify/api_secwxaapi_queryauth.html */
export const describeVerification = (answer: Answer): Answer => ({
	...answer,
	taskStatusText: toStatusText(TASKS, answer.task_status),
	applyStatusText: toStatusText(REVIEWS, answer.apply_status),
});

/** @see https://developers.weixin.qq.com/doc/oplatform/openApi/miniprogram-management/wxverifyicp/api_queryauthandicp.html */
export const describeProcedure = (answer: Answer): Answer => ({
	...answer,
	statusText: toStatusText(PROCEDURES, answer.procedure_status),
});

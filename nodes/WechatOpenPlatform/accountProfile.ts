import type { Details } from '../api/platformClient';
import { toPermissionName } from '../api/permissions';

type Words = Record<number, string | undefined>;

/** Maps `service_type_info` to words. Each kind of account has its own numbers. */
const TYPES: Record<Details['profile']['kind'], Words> = {
	officialAccount: {
		0: 'Subscription account (订阅号)',
		1: 'Subscription account, upgraded (由历史老帐号升级后的订阅号)',
		2: 'Service account (服务号)',
	},
	miniProgram: {
		0: 'Mini program (普通小程序)',
		4: 'Mini game (小游戏)',
		10: 'Small shop (小商店)',
		12: 'Trial mini program (试用小程序)',
	},
};

/** Maps `verify_type_info` to words. */
const VERIFICATIONS: Words = {
	[-1]: 'Not verified (未认证)',
	0: 'Verified by WeChat (微信认证)',
	1: 'Verified by Sina Weibo (新浪微博认证)',
	2: 'Verified by Tencent Weibo (腾讯微博认证)',
	3: 'Qualification verified, name pending (已资质认证，未名称认证)',
	4: 'Qualification verified, name pending; verified by Sina Weibo',
	5: 'Qualification verified, name pending; verified by Tencent Weibo',
};

/** Maps `account_status` to words. */
const STATUSES: Words = {
	1: 'Normal (正常)',
	14: 'Canceled (已注销)',
	16: 'Banned (已封禁)',
	18: 'Warned (已告警)',
	19: 'Frozen (已冻结)',
};

interface Numbered {
	id: number;
	name?: string;
}

/** Falls back to the name in the answer: WeChat uses more numbers than it documents. */
function findWord(words: Words, numbered: Numbered | undefined): string | undefined {
	if (numbered?.id === undefined) return undefined;
	return words[numbered.id] ?? (numbered.name || `ID ${numbered.id}`);
}

/**
 * Describes an account in words.
 * @see https://developers.weixin.qq.com/doc/oplatform/openApi/authorization-management/api_getauthorizerinfo.html
 */
export function describeAccountProfile(details: Details) {
	const { info, profile } = details;
	return {
		...summarizeAccount(details),
		userName: profile.userName,
		accountType: findWord(TYPES[profile.kind], info.service_type_info as Numbered),
		verification: findWord(VERIFICATIONS, info.verify_type_info as Numbered),
		accountStatus: findWord(STATUSES, { id: info.account_status as number }),
		principalName: info.principal_name,
		alias: info.alias,
		headImageUrl: info.head_img,
		qrCodeUrl: info.qrcode_url,
	};
}

/** Reduces details to the name, the kind and the permissions. */
export const summarizeAccount = ({ appId, profile: { name, kind }, permissions }: Details) => ({
	appId,
	name,
	kind,
	permissions: permissions.map(({ id, ...more }) => ({ id, name: toPermissionName(id), ...more })),
});

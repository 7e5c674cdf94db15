import { kindOf } from '../accounts/defaults';
import type { JsonObject } from '../http/json';
import type { SimAccount } from '../types';

export const principalOf = ({ principalName = '示例科技（测试）有限公司' }: SimAccount): string =>
	principalName;

/** service_type_info: 2 is a service account (服务号), 0 an ordinary mini program. */
const SERVICE_ACCOUNT = { id: 2 };
const ORDINARY_MINI_PROGRAM = { id: 0 };

/** Its presence is what tells a mini program from an official account. */
const miniProgramInfo: JsonObject = {
	network: {
		RequestDomain: ['https://api.example.com'],
		WsRequestDomain: ['wss://api.example.com'],
		UploadDomain: ['https://api.example.com'],
		DownloadDomain: ['https://api.example.com'],
		BizDomain: [],
		UDPDomain: [],
	},
	categories: [{ first: '工具', second: '效率' }],
	visit_status: 0,
};

/** authorizer_info of api_get_authorizer_info. */
export function profileOf(account: SimAccount): JsonObject {
	const isMiniProgram = kindOf(account) === 'miniProgram';
	return {
		nick_name: account.nickName ?? '示例帐号',
		head_img: `https://wx.qlogo.cn/mmopen/${account.name}/0`,
		service_type_info: isMiniProgram ? ORDINARY_MINI_PROGRAM : SERVICE_ACCOUNT,
		verify_type_info: { id: 0 },
		user_name: account.name,
		alias: '',
		qrcode_url: `https://mmbiz.qpic.cn/mmbiz_jpg/${account.name}/0`,
		business_info: { open_pay: 0, open_shake: 0, open_scan: 0, open_card: 0, open_store: 0 },
		principal_name: principalOf(account),
		signature: '',
		account_status: 1,
		basic_config: { is_phone_configured: true, is_email_configured: true },
		...(isMiniProgram ? { MiniProgramInfo: miniProgramInfo, register_type: 0 } : {}),
	};
}

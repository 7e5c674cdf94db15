import { createHash } from 'node:crypto';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { Behavior } from './behavior';
import { codeOf } from './codeState';

const WECHAT_ID = /^[a-zA-Z][-\w]{5,19}$/;
const MAX_TEXT_BYTES = 100 * 1024;
const CONTACTS = ['contact_phone', 'contact_email', 'contact_qq', 'contact_weixin'];
const VERSIONS: unknown[] = [1, 2];

/** 体验者 and 用户隐私保护指引: what goes with the code. */
export const testerBehaviors: Record<string, Behavior> = {
	'tester.bind': (account, { body }) => {
		const { testers } = codeOf(account);
		const id = String(body.wechatid);
		if (!WECHAT_ID.test(id)) throw new ApiError(85001);
		if (testers.has(id)) throw new ApiError(85004);
		const userstr = createHash('sha256').update(`${account.settings.appId} ${id}`).digest('hex');
		testers.set(id, userstr);
		return { userstr };
	},

	'tester.unbind': (account, { body }) => {
		const { testers } = codeOf(account);
		const { wechatid, userstr } = body;
		const found = [...testers].find(([id, str]) => id === wechatid || str === userstr);
		if (!found) throw new ApiError(wechatid === undefined ? 89034 : 85001);
		testers.delete(found[0]);
		return {};
	},

	'tester.list': (account, { body }) => {
		if (body.action !== 'get_experiencer') throw new ApiError(85022);
		return { members: [...codeOf(account).testers.values()].map((userstr) => ({ userstr })) };
	},

	'privacy.set': (account, { body }) => {
		const { privacy, files } = codeOf(account);
		const { privacy_ver = 2, setting_list = [] } = body;
		const owner = body.owner_setting as JsonObject;
		if (!VERSIONS.includes(privacy_ver)) throw new ApiError(40097);
		if (!CONTACTS.some((contact) => owner[contact]) || !owner.notice_method)
			throw new ApiError(40097);
		const file = owner.ext_file_media_id;
		if (file !== undefined && !files.has(String(file))) throw new ApiError(40007);
		privacy.set(privacy_ver, { owner_setting: owner, setting_list });
		return {};
	},

	'privacy.get': (account, { body }) => {
		const { privacy, trial } = codeOf(account);
		const { owner_setting = {}, setting_list = [] } = privacy.get(body.privacy_ver ?? 2) ?? {};
		return {
			code_exist: trial ? 1 : 0,
			privacy_list: ['UserInfo', 'Location'],
			setting_list,
			update_time: 0,
			owner_setting,
			privacy_desc: {
				privacy_desc_list: [{ privacy_key: 'UserInfo', privacy_desc: '用户信息' }],
			},
		};
	},

	'privacy.upload': (account, { files }) => {
		const { fileName, bytes } = files.file;
		if (!fileName.endsWith('.txt')) throw new ApiError(40005);
		if (bytes.length > MAX_TEXT_BYTES) throw new ApiError(40006);
		const ext_file_media_id = createHash('sha256').update(bytes).digest('base64url');
		codeOf(account).files.add(ext_file_media_id);
		return { ext_file_media_id };
	},
};

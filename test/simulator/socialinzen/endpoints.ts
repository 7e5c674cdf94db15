const KB = 1024;
const MB = 1024 * KB;

export interface Param {
	name: string;
	/** Other spellings that are taken; given together they must agree. */
	also?: string[];
	/** Default text. */
	type?: 'integer' | 'json' | 'file';
	optional?: true;
	oneOf?: string[];
	/** Characters of a text. */
	maxLength?: number;
	/** Of an integer. */
	min?: number;
	max?: number;
}

export interface Endpoint {
	id: string;
	method?: 'GET';
	path: string;
	/** multipart/form-data, also without a file; otherwise a form, or JSON. */
	multipart?: true;
	/** Default: needed, in the query. */
	token?: 'none' | 'optional';
	params: Param[];
}

const openid = { name: 'openid' };
const groupId: Param = { name: 'groupId', type: 'integer', min: 0 };
const groupName = { name: 'groupName', maxLength: 30 };
const username = { name: 'username', maxLength: 64 };
const password = { name: 'password', maxLength: 128 };
const request = { name: 'request', maxLength: 200 };
const file: Param = { name: 'file', type: 'file' };

/**
 * The calls of the platform as its document lists them, with the readings that make sense of what it prints
 * wrongly. Where a name is misprinted, it is taken in both spellings.
 */
export const endpoints: Endpoint[] = [
	{
		id: 'szn.login',
		path: '/apis/user/login',
		token: 'none',
		params: [username, password],
	},
	{
		id: 'szn.register',
		path: '/apis/user/register',
		token: 'none',
		params: [username, password, { name: 'email', maxLength: 254 }],
	},
	{ id: 'szn.logout', path: '/apis/user/logout', params: [] },
	{
		id: 'szn.addReply',
		path: '/apis/wxreplymanage/addReply',
		params: [
			{ name: 'type', oneOf: ['text', 'image', 'video', 'vedio', 'music', 'multitext', 'voice'] },
			{ name: 'reply', type: 'json' },
			request,
		],
	},
	{ id: 'szn.deleteReply', path: '/apis/wxreplymanage/deleteReply', params: [request] },
	{ id: 'szn.listReply', path: '/apis/wxreplymanage/listReply', params: [] },
	{
		id: 'szn.webauth',
		method: 'GET',
		path: '/wxplatform/webauth',
		token: 'none',
		params: [{ name: 'appid' }, { name: 'scope', oneOf: ['snsapi_base', 'snsapi_userinfo'] }],
	},
	{
		id: 'szn.jsticket',
		path: '/apis/wxplatform/jsticket',
		// This entry alone does not say that it needs one.
		token: 'optional',
		params: [{ name: 'appid' }, { name: 'url' }],
	},
	{
		id: 'szn.qrcode',
		path: '/apis/wxplatform/qrcode',
		params: [
			{ name: 'expire', type: 'integer', optional: true, min: 1, max: 2_592_000 },
			{ name: 'sceneId', also: ['senseId', 'senseld', 'scene_id'], maxLength: 64 },
		],
	},
	{
		id: 'szn.updateRemark',
		path: '/apis/wxplatform/updateRemark',
		params: [openid, { name: 'remark', maxLength: 30 }],
	},
	{ id: 'szn.getGroups', path: '/apis/wxplatform/getGroups', params: [] },
	{ id: 'szn.getWhichGroup', path: '/apis/wxplatform/getWhichGroup', params: [openid] },
	{ id: 'szn.createGroup', path: '/apis/wxplatform/createGroup', params: [groupName] },
	{
		id: 'szn.updateGroup',
		path: '/apis/wxplatform/updateGroup',
		params: [groupName, { ...groupId, also: ['id'] }],
	},
	{
		id: 'szn.moveUserToGroup',
		path: '/apis/wxplatform/moveUserToGroup',
		params: [groupId, openid],
	},
	// The same path is printed for both; this one has no openid.
	{ id: 'szn.getGroupUsers', path: '/apis/wxplatform/moveUserToGroup', params: [groupId] },
	{
		id: 'szn.uploadMaterial',
		path: '/apis/materials/uploadMaterial',
		multipart: true,
		params: [{ name: 'type', oneOf: ['image', 'voice', 'thumb'] }, file],
	},
	{
		id: 'szn.uploadVideoMaterial',
		path: '/apis/materials/uploadVideoMaterial',
		multipart: true,
		params: [file, { name: 'title', also: ['tile'] }, { name: 'desc' }],
	},
	{
		id: 'szn.removeMaterial',
		path: '/apis/materials/removeMaterial',
		multipart: true,
		params: [{ name: 'mediaId', also: ['mediald', 'media_id'] }],
	},
	{
		id: 'szn.getMaterialCount',
		path: '/apis/materials/getMaterialCount',
		multipart: true,
		params: [],
	},
	{
		id: 'szn.getMaterialByType',
		path: '/apis/materials/getMaterialByType',
		multipart: true,
		params: [
			{ name: 'type', oneOf: ['image', 'voice', 'video', 'news'] },
			{ name: 'offset', type: 'integer', optional: true, min: 0 },
			{ name: 'count', type: 'integer', optional: true, min: 1, max: 20 },
		],
	},
	{
		id: 'szn.uploadLogo',
		path: '/apis/materials/uploadLogo',
		multipart: true,
		params: [{ name: 'logoFile', also: ['logolFile', 'buffer'], type: 'file' }],
	},
];

/** What may be uploaded as each kind (上传素材). */
export const FILES: Record<string, { extensions: string[]; bytes: number } | undefined> = {
	image: { extensions: ['.png', '.jpg', '.jpeg'], bytes: 2 * MB },
	voice: { extensions: ['.mp3', '.wma', '.wav', '.amr'], bytes: 2 * MB },
	thumb: { extensions: ['.jpg'], bytes: 64 * KB },
	video: { extensions: ['.mp4'], bytes: Infinity },
};

import { ApiError } from '../http/errors';
import { isObject, parseJson, type JsonObject } from '../http/json';
import { jpeg } from '../accounts/jpeg';
import { Bytes, seconds, type Behavior, type OpenBehavior } from './behavior';
import { libraryOf, type Template } from './codeLibrary';
import { codeOf } from './codeState';

/** 标准模板 take no more than this in ext_json. */
const STANDARD = ['extAppid', 'ext', 'window'];
const MAX_VERSION = 64;

function readExt(text: string): JsonObject {
	let ext: unknown;
	try {
		ext = parseJson(text);
	} catch {
		throw new ApiError(85048);
	}
	if (!isObject(ext)) throw new ApiError(85013);
	return ext;
}

/** The pages of a template, unless ext_json chooses among them. */
function pagesOf(ext: JsonObject, { pages, template_type }: Template): string[] {
	if (template_type === 1 && Object.keys(ext).some((key) => !STANDARD.includes(key)))
		throw new ApiError(85013);
	const chosen = (ext.pages ?? pages) as string[];
	if (chosen.length === 0) throw new ApiError(85047);
	if (chosen.some((page) => !pages.includes(page))) throw new ApiError(85045);
	const tabs = isObject(ext.tabBar) ? (ext.tabBar.list as JsonObject[] | undefined) : undefined;
	if (tabs?.some(({ pagePath }) => !pagePath)) throw new ApiError(85046);
	return chosen;
}

/** 代码模板库: with the platform's token. */
export const templateLibraryBehaviors: Record<string, OpenBehavior> = {
	'codeTemplate.drafts': ({ state }) => ({
		draft_list: [...libraryOf(state).drafts].map(([draft_id, source]) => ({
			create_time: source.create_time,
			user_version: source.user_version,
			user_desc: source.user_desc,
			draft_id,
		})),
	}),
	'codeTemplate.add': ({ body, state }) => {
		libraryOf(state).add(Number(body.draft_id), Number(body.template_type ?? 0));
		return {};
	},
	'codeTemplate.list': ({ query, state }) => {
		const { template_type: type } = query;
		const all = [...libraryOf(state).templates.values()];
		return {
			template_list: all
				.filter(({ template_type }) => type === undefined || template_type === Number(type))
				.map(({ create_time, user_version, user_desc, template_id, template_type }) => ({
					create_time,
					user_version,
					user_desc,
					template_id,
					template_type,
				})),
		};
	},
	'codeTemplate.delete': ({ body, state }) => {
		if (!libraryOf(state).templates.delete(Number(body.template_id))) throw new ApiError(85064);
		return {};
	},
};

export const CATEGORIES = [
	{ first_class: '工具', second_class: '效率', first_id: 287, second_id: 616 },
	{
		first_class: '教育',
		second_class: '学历教育',
		third_class: '高等',
		first_id: 3,
		second_id: 4,
		third_id: 5,
	},
];

export const codeBehaviors: Record<string, Behavior> = {
	/** 上传代码: the new trial version (体验版) takes the place of the one before. */
	'code.commit': (account, { body, state }) => {
		const template = libraryOf(state).templates.get(Number(body.template_id));
		if (!template) throw new ApiError(85014);
		const version = String(body.user_version);
		if (version === '' || version.length > MAX_VERSION) throw new ApiError(85015);
		const ext = readExt(String(body.ext_json));
		codeOf(account).trial = {
			template,
			ext,
			pages: pagesOf(ext, template),
			user_version: version,
			user_desc: String(body.user_desc),
			committedAt: state.options.now(),
		};
		return {};
	},

	'code.pages': (account) => {
		const { trial } = codeOf(account);
		if (!trial) throw new ApiError(86001);
		return { page_list: trial.pages };
	},

	'code.categories': () => ({ category_list: CATEGORIES }),

	'code.qrCode': (account) => {
		if (!codeOf(account).trial) throw new ApiError(86001);
		return new Bytes(jpeg, {
			'content-type': 'image/jpeg',
			'content-disposition': 'attachment; filename="QRCode.jpg"',
		});
	},

	'code.versions': (account) => {
		const { trial, current } = codeOf(account);
		return {
			...(trial && {
				exp_info: {
					exp_time: seconds(trial.committedAt),
					exp_version: trial.user_version,
					exp_desc: trial.user_desc,
				},
			}),
			...(current && {
				release_info: {
					release_time: seconds(current.committedAt),
					release_version: current.user_version,
					release_desc: current.user_desc,
				},
			}),
		};
	},
};

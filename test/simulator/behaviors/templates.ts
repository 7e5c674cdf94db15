import { randomKey, type Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import type { ApiCall, Behavior } from './behavior';

const MAX_TEMPLATES = 25;
const MAX_TITLES = 30;

interface Store {
	templates: JsonObject[];
	subscriptions: JsonObject[];
	industries: [string, string];
	messages: number;
}

const template = (template_id: string): JsonObject => ({
	template_id,
	title: '订单发货提醒',
	primary_industry: 'IT科技',
	deputy_industry: '互联网|电子商务',
	content: '商品名称：{{thing1.DATA}}\n发货时间：{{time2.DATA}}\n',
	example: '商品名称：可乐\n发货时间：2026-01-31 12:00\n',
});

const subscription = (priTmplId: string): JsonObject => ({
	priTmplId,
	title: '报名结果通知',
	content: '会议名称:{{thing1.DATA}}\n参会人:{{name2.DATA}}\n',
	example: '会议名称:产品会\n参会人:张三\n',
	type: 2,
	keywordEnumValueList: [],
});

/** Titles of WeChat's library: two pages, and some. */
const titles = Array.from({ length: 65 }, (_, index) => ({
	tid: index + 1,
	title: `标题 ${index + 1}`,
	type: 2,
	categoryId: '616',
}));

const keywords = [
	{ kid: 1, name: '物品名称', example: '名称', rule: 'thing' },
	{ kid: 2, name: '购买地点', example: 'TIT造舰厂', rule: 'thing' },
	{ kid: 3, name: '时间', example: '2026-01-31', rule: 'time' },
];

/** Messages of the first template that were blocked. */
const blocked = Array.from({ length: 120 }, (_, index) => ({
	id: index + 1,
	tmpl_msg_id: 'TPL',
	title: '测试标题',
	content: '测试内容',
	send_timestamp: 1_760_000_000 + index,
	openid: 'o',
}));

const stores = new WeakMap<Account, Store>();

function storeOf(account: Account): Store {
	const store = stores.get(account) ?? {
		templates: [template('TPL')],
		subscriptions: [subscription('SUB')],
		industries: ['1', '16'] as [string, string],
		messages: 0,
	};
	stores.set(account, store);
	return store;
}

/** Every keyword of the template wants a value, and no other has one. */
function checkData({ content }: JsonObject, data: unknown): void {
	const wanted = [...String(content).matchAll(/\{\{(\w+)\.DATA\}\}/g)].map(([, key]) => key);
	const missing = wanted.find((key) => !Object.hasOwn(data as object, key));
	if (missing) throw new ApiError(47003, `argument invalid! data.${missing}.value is empty`);
}

function send(account: Account, list: JsonObject[], id: string, { body }: ApiCall): void {
	account.user(String(body.touser));
	const found = list.find((entry) => entry[id] === body.template_id);
	if (!found) throw new ApiError(40037, 'invalid template_id');
	checkData(found, body.data);
}

function remove(list: JsonObject[], id: string, value: unknown, code: number): JsonObject {
	const at = list.findIndex((entry) => entry[id] === value);
	if (at < 0) throw new ApiError(code);
	list.splice(at, 1);
	return {};
}

export const templateBehaviors: Record<string, Behavior> = {
	'template.add': (account, { body }) => {
		const { templates } = storeOf(account);
		if (templates.length >= MAX_TEMPLATES) throw new ApiError(45026);
		const short = String(body.template_id_short);
		if (/^\d+$/.test(short) && !body.keyword_name_list) throw new ApiError(40246);
		const template_id = randomKey(43);
		templates.push(template(template_id));
		return { template_id };
	},

	'template.del': (account, { body }) =>
		remove(storeOf(account).templates, 'template_id', body.template_id, 40037),

	'template.getIndustry': (account) => {
		const [primary, secondary] = storeOf(account).industries;
		return {
			primary_industry: { first_class: primary, second_class: primary },
			secondary_industry: { first_class: secondary, second_class: secondary },
		};
	},

	'template.list': (account) => ({ template_list: storeOf(account).templates }),

	// Where nothing was blocked, there is no list.
	'template.queryBlock': (_, { body }) => {
		const msginfo = blocked
			.filter(({ id, tmpl_msg_id: of }) => of === body.tmpl_msg_id && id > Number(body.largest_id))
			.slice(0, Math.min(100, Number(body.limit)));
		return msginfo.length > 0 ? { msginfo } : {};
	},

	'template.send': (account, call) => {
		const store = storeOf(account);
		send(account, store.templates, 'template_id', call);
		return { msgid: 4_000_000_000_000_000_001n + BigInt(store.messages++) };
	},

	'template.setIndustry': (account, { body }) => {
		const ids = [String(body.industry_id1), String(body.industry_id2)] as [string, string];
		if (ids.some((id) => Number(id) < 1 || Number(id) > 41)) throw new ApiError(40102);
		storeOf(account).industries = ids;
		return {};
	},

	'newtmpl.add': (account, { body }) => {
		const { subscriptions } = storeOf(account);
		if (subscriptions.length >= MAX_TEMPLATES) throw new ApiError(200012);
		if (!titles.some(({ tid }) => String(tid) === body.tid)) throw new ApiError(200014);
		if ((body.kidList as unknown[]).length < 2) throw new ApiError(200020);
		const priTmplId = randomKey(43);
		subscriptions.push(subscription(priTmplId));
		return { priTmplId };
	},

	'newtmpl.category': () => ({ data: [{ id: 616, name: '公交' }] }),

	'newtmpl.del': (account, { body }) =>
		remove(storeOf(account).subscriptions, 'priTmplId', body.priTmplId, 200014),

	'newtmpl.keywords': (_, { query }) => {
		if (!titles.some(({ tid }) => String(tid) === query.tid)) throw new ApiError(200014);
		return { count: keywords.length, data: keywords };
	},

	'newtmpl.list': (account) => ({ data: storeOf(account).subscriptions }),

	'newtmpl.titles': (_, { query }) => {
		const [start, limit] = [Number(query.start), Number(query.limit)];
		if (limit < 1 || limit > MAX_TITLES) throw new ApiError(200017);
		const data = titles.filter(({ categoryId }) => query.ids.split(',').includes(categoryId));
		return { count: data.length, data: data.slice(start, start + limit) };
	},

	'subscribe.bizsend': (account, call) => {
		send(account, storeOf(account).subscriptions, 'priTmplId', call);
		return {};
	},

	'subscribe.once': (account, { body }) => {
		account.user(String(body.touser));
		return {};
	},

	// The answer has an ID that no page names (issue 758 of silenceper/wechat).
	'subscribe.send': (account, call) => {
		const store = storeOf(account);
		send(account, store.subscriptions, 'priTmplId', call);
		return { msgid: 4_000_000_000_000_000_001n + BigInt(store.messages++) };
	},
};

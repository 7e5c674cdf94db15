/** Words that people use for one thing when they look for a call, in English and Chinese, divided by blanks. */
const SYNONYMS: readonly string[][] = [
	'get fetch read retrieve query find list search show 获取 查询 拉取 搜索 读取 查看 列表 查',
	'create add new insert make generate 创建 新建 新增 添加 生成',
	'delete remove clear 删除 移除 清除',
	'cancel revoke withdraw undo 取消 撤销 撤回',
	'change update edit modify set alter rename 修改 更新 编辑 设置 更改 改',
	'send push notify 发送 推送 下发 群发',
	'upload import 上传 导入',
	'download export 下载 导出',
	'message msg chat conversation notification 消息 聊天 会话 通知',
	'agent kfaccount kf 客服',
	'customer user follower fan client buyer 用户 客户 顾客 粉丝 关注者 买家',
	'order trade transaction 订单 交易',
	'product goods item commodity spu 商品 货品 产品',
	'shop store merchant 店铺 小店 门店 商店 商户 商家',
	'stock inventory 库存',
	'shipping shipment ship delivery deliver express logistics waybill courier parcel 发货 物流 快递 配送 运单',
	'refund return after-sale aftersale 退款 退货 售后',
	'payment pay 支付 付款 收款',
	'transfer payout 转账 打款',
	'bill statement 账单 对账单 流水',
	'invoice fapiao 发票 开票',
	'coupon voucher 优惠券 代金券 卡券 券',
	'qrcode qr 二维码 小程序码',
	'picture image photo img 图片 图像 照片',
	'media material file 素材 媒体 文件',
	'article news post 文章 图文',
	'publish release 发布',
	'comment feedback 评论 留言 评价',
	'review audit moderation 审核 审查',
	'category categories 类目 分类',
	'tag label 标签',
	'miniprogram applet weapp wxa 小程序',
	'phone mobile 手机号 电话 号码',
	'live livestream broadcast 直播',
	'statistics analytics analysis datacube data report summary 统计 分析 数据 报表 概况',
	'login authorization authorize auth 登录 授权',
	'verification verify certification 认证',
	'complaint dispute 投诉 纠纷',
	'influencer talent creator kol 达人 主播',
	'quota limit 额度 次数 限额',
	'subscription subscribe newtmpl 订阅',
	'link url 链接 短链 网址',
	'address location 地址 位置',
	'blacklist block ban 黑名单 拉黑 屏蔽',
	'record history log 记录 历史 日志',
	'detail info information 详情 信息',
	'recognize recognition ocr scan 识别',
	'settlement settle 结算',
	'withdraw withdrawal cashout 提现',
].map((row) => row.split(' '));

/** Words that stand in no title, or in so many that they tell nothing. */
const EMPTY_WORDS: ReadonlySet<string> = new Set(
	'a all an and api by call for from how in my of on the to wechat with 的 接口 微信 如何 怎么 所有'.split(
		' ',
	),
);

/** Chinese has no blanks: what of a query is a word, the longest first. */
const CHINESE_WORDS = [...SYNONYMS.flat(), ...EMPTY_WORDS]
	.filter((word) => /^\p{Script=Han}/u.test(word))
	.sort((a, b) => b.length - a.length);

/** How well a call fits a query. */
type Fit =
	/** All of it holds the words themselves, or its title words that mean the same. */
	| 'close'
	/** What is not its title, such as its group, holds words that mean the same. */
	| 'loose'
	| 'none';

/**
 * Reads what somebody enters to find a call by its title and by all that is known of it, in capitals or not. Of an address
 * that was pasted from WeChat's page, the path counts.
 */
export function createSearch(query: string): (title: string, all: string) => Fit {
	const words = query
		.toLowerCase()
		.replace(/https?:\/\/[^/\s]+|[?&]\w*access_token=\S*/g, '')
		.split(/\s+/)
		.filter(Boolean);
	const patterns = words
		.flatMap(splitChinese)
		.filter((word) => !EMPTY_WORDS.has(word))
		.map(createPattern);
	const isAlike = (text: string) =>
		patterns.length > 0 && patterns.every((pattern) => pattern.test(text));
	return (title, all) => {
		const text = all.toLowerCase();
		if (words.every((word) => text.includes(word)) || isAlike(title.toLowerCase())) return 'close';
		return isAlike(text) ? 'loose' : 'none';
	};
}

const CHINESE_WORD = new RegExp(`(${CHINESE_WORDS.join('|')})`);

const splitChinese = (word: string): string[] => word.split(CHINESE_WORD).filter(Boolean);

/** Finds a word, its singular and what means the same. Other words than the entered one begin as a word does. */
function createPattern(word: string): RegExp {
	const isKnown = SYNONYMS.some((row) => row.includes(word));
	const single =
		!isKnown && /^[a-z]{3,}s$/.test(word) ? word.replace(/ies$/, 'y').replace(/s$/, '') : word;
	const alike = SYNONYMS.filter((row) => row.includes(single)).flat();
	const entered = single.replace(/[^\p{L}\p{N}]/gu, '\\$&');
	return new RegExp(
		[entered, ...alike.map((one) => (/^[a-z]/.test(one) ? `\\b${one}` : one))].join('|'),
	);
}

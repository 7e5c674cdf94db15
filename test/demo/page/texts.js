/** Every sentence of the page: English, 中文. {0} is what it is about. */
const TEXTS = {
	title: ['WeChat for n8n: demo', 'n8n 微信节点演示'],
	subtitle: [
		'You hold the phone, n8n is the account or the bot, and this page imitates WeChat between the two.',
		'您拿着手机，n8n 是公众号或机器人，本页面在两者之间模拟微信。',
	],
	skip: ['Skip to the message', '跳到消息输入框'],
	language: ['Language', '语言'],
	phone: ['Phone', '手机'],
	account: ['Account', '帐号'],
	own: ['Official account', '公众号'],
	platform: ['Behind a third-party platform', '第三方平台代运营'],
	bot: ['Bot of my own WeChat', '个人微信机器人'],
	'bot noCode': [
		'Not logged in: open the login page, under Console',
		'未登录：请在“控制台”打开登录页面',
	],
	'bot code': ['n8n shows a code', 'n8n 正在显示二维码'],
	'bot scanned': ['Scanned', '已扫码'],
	'bot loggedIn': ['The bot is logged in', '机器人已登录'],
	'bot removed': ['You have removed the bot', '您已移除机器人'],
	scanCode: ['Scan the code', '扫一扫'],
	confirmLogin: ['Confirm', '确认登录'],
	removeBot: ['Remove the bot', '移除机器人'],
	loginPage: ['Open the login page', '打开登录页面'],
	noLoginPage: [
		'Run WeChat Bot with Login: Get Link in n8n, and open the link.',
		'请在 n8n 中运行 WeChat Bot 的 Login: Get Link，并打开链接。',
	],
	botLoggedIn: ['The bot is logged in. Write to it.', '机器人已登录，请给它发消息'],
	botRemoved: ['You have removed the bot.', '您已移除机器人'],
	emptyBotChat: [
		'Open the login page under Console. A button appears above: scan the code with it, confirm, then write something.',
		'请在“控制台”打开登录页面，用上方出现的按钮扫码并确认，再发送消息。',
	],
	botTyping: ['The bot is typing …', '对方正在输入…'],
	nothingForBot: [
		'WeChat pushes nothing for a bot: n8n asks for messages, and answers by calls.',
		'机器人没有推送：n8n 自己询问消息，并通过调用回答。',
	],
	document: ['File', '文件'],
	articles: ['Articles', '文章'],
	reader: ['Article', '文章'],
	close: ['Close', '关闭'],
	publication: ['Articles (文章)', '文章'],
	publicationHelp: [
		'A workflow of n8n has an article in Markdown. It makes a draft of it, with its pictures, and publishes that: readers find it on the phone, above the conversation.',
		'n8n 的一个工作流里有一篇 Markdown 文章：它连同图片生成草稿并发布，读者在手机的会话上方可以看到。',
	],
	publish: ['Publish the article', '发布文章'],
	pay: ['Pay ¥9.90', '付款 ¥9.90'],
	goods: ['Oolong tea (乌龙茶)', '乌龙茶'],
	payHelp: [
		'WeChat Pay tells WeChat Pay Trigger in n8n, encrypted and signed; n8n thanks in the chat.',
		'微信支付会把加密并签名的通知发给 n8n 的 WeChat Pay Trigger，n8n 在会话中致谢。',
	],
	payNow: ['Pay', '确认付款'],
	paid: ['You paid ¥{0}.', '您已付款 ¥{0}'],
	isFollowing: ['You follow this account', '已关注'],
	isNotFollowing: ['You do not follow yet', '未关注'],
	follow: ['Follow', '关注'],
	unfollow: ['Unfollow', '取消关注'],
	messages: ['Conversation', '会话'],
	message: ['Message', '消息'],
	send: ['Send', '发送'],
	tools: ['Send something else', '发送其他内容'],
	picture: ['Picture', '图片'],
	location: ['Location', '位置'],
	scan: ['Scan QR code', '扫描二维码'],
	menu: ['Menu of the account', '自定义菜单'],
	cancel: ['Cancel', '取消'],
	file: ['PNG, JPEG or GIF, up to 10 MB', 'PNG、JPEG 或 GIF，不超过 10 MB'],
	sample: ['Send a sample', '发送示例图片'],
	label: ['Place', '地点'],
	latitude: ['Latitude', '纬度'],
	longitude: ['Longitude', '经度'],
	scene: ['Scene in the code (scene_str)', '场景值 (scene_str)'],
	scanHelp: [
		'Somebody who does not follow yet begins to follow by scanning.',
		'尚未关注的用户扫码后会关注公众号。',
	],
	typing: ['The account is typing …', '对方正在输入…'],
	you: ['You', '我'],
	them: ['Account', '公众号'],
	wechat: ['WeChat', '微信'],
	emptyChat: ['Follow the account, then write something.', '请先关注公众号，再发送消息。'],
	followed: ['You follow the account now.', '您已关注公众号'],
	unfollowed: [
		'You do not follow the account any more. It cannot write to you.',
		'您已取消关注，公众号无法再给您发消息',
	],
	scanned: ['You scanned the code “{0}”.', '您扫描了二维码“{0}”'],
	followedByScan: ['You scanned “{0}” and follow now.', '您扫描“{0}”并关注了公众号'],
	pressed: ['You pressed “{0}”.', '您点击了菜单“{0}”'],
	opened: ['You pressed “{0}”, which opens', '您点击了菜单“{0}”，打开网页'],
	notPushed: ['WeChat could not push that: {0}', '微信无法推送：{0}'],
	faultMeaning: [
		'The service of this account is out of order, please try again later.',
		'微信未收到可接受的回复',
	],
	pictureOfYou: ['A picture that you sent', '您发送的图片'],
	pictureOfThem: ['A picture from the account', '公众号发送的图片'],
	voice: ['Voice', '语音'],
	video: ['Video', '视频'],
	music: ['Music', '音乐'],
	miniprogrampage: ['Mini program', '小程序'],
	mpnews: ['Article', '图文消息'],
	mpnewsarticle: ['Article', '图文消息'],
	wxcard: ['Coupon', '卡券'],
	link: ['Link', '链接'],
	open: ['Open', '打开'],
	inspector: ['What WeChat pushes', '微信推送'],
	nothing: [
		'Nothing yet. Each push appears here with its raw body, its decrypted form and what n8n answered.',
		'暂无推送。每次推送的原始内容、解密内容和 n8n 的应答会显示在这里。',
	],
	delivery: ['Delivery {0}', '第 {0} 次推送'],
	waiting: ['waiting …', '等待中…'],
	reply: ['reply', '已回复'],
	success: ['success', '成功'],
	timeout: ['no answer in time', '超时'],
	refused: ['refused', '被拒绝'],
	error: ['not acceptable', '无法接受'],
	request: ['Push as sent', '推送原文'],
	plain: ['Push, decrypted', '推送解密后'],
	answer: ['Answer as sent', '应答原文'],
	plainAnswer: ['Answer, decrypted', '应答解密后'],
	emptyAnswer: ['(an empty body)', '（空）'],
	problemOfAnswer: ['WeChat would not accept this: {0}', '微信不接受此应答：{0}'],
	copy: ['Copy', '复制'],
	copied: ['Copied', '已复制'],
	copyOf: ['Copy: {0}', '复制：{0}'],
	side: ['Console', '控制台'],
	releaseTest: ['Release test (全网发布检测)', '全网发布检测'],
	releaseTestHelp: [
		'WeChat tests a third-party platform before all accounts may authorize it. Seven steps with one of five pairs of test accounts.',
		'第三方平台全网发布前，微信会用五组测试帐号之一进行七步检测。',
	],
	pair: ['Test accounts', '测试帐号'],
	run: ['Run release test', '开始检测'],
	running: ['The test is running …', '检测中…'],
	passed: ['Passed: all {0} steps.', '检测通过：共 {0} 步'],
	failed: ['Failed: {0} of the steps.', '检测未通过：{0} 步失败'],
	stepPassed: ['passed', '通过'],
	stepFailed: ['failed', '失败'],
	'step ticket': ['Ticket is taken', '接收 component_verify_ticket'],
	'step authorize official account': ['Official account authorizes', '公众号授权'],
	'step authorize mini program': ['Mini program authorizes', '小程序授权'],
	'step text': ['Text is answered at once', '文本消息回复'],
	'step api, official account': ['Official account: message by API', '公众号：客服消息接口'],
	'step api, mini program': ['Mini program: message by API', '小程序：客服消息接口'],
	'step event': ['Event is answered at once', '事件消息回复'],
	connection: ['Connection to n8n', '连接 n8n'],
	isConnected: ['WeChat pushes to {0}', '微信推送到 {0}'],
	isNotConnected: [
		'Not connected. Enter the production URL of a WeChat Trigger whose workflow is active.',
		'未连接。请填写已激活工作流中 WeChat Trigger 的 Production URL。',
	],
	url: ['Production URL', 'Production URL（服务器地址）'],
	connect: ['Save and verify', '提交并验证'],
	connecting: ['Verifying …', '验证中…'],
	credential: ['What to enter in the credential', '凭据填写内容'],
	credentialHelp: [
		'Inventions of the simulator; no real account has them. The API Base URL makes n8n call the simulator in place of WeChat.',
		'均为模拟器虚构，非真实帐号。API Base URL 使 n8n 调用模拟器而非微信。',
	],
	appId: ['AppID', 'AppID'],
	appSecret: ['AppSecret', 'AppSecret'],
	token: ['Token', 'Token（令牌）'],
	encodingAesKey: ['EncodingAESKey', 'EncodingAESKey（消息加解密密钥）'],
	baseUrl: ['API Base URL', 'API Base URL'],
	lost: [
		'The connection to the simulator is lost. Is it still running?',
		'与模拟器的连接已断开，它还在运行吗？',
	],
	'problem following': ['You follow this account already.', '您已关注该公众号。'],
	'problem notFollowing': ['Follow the account first.', '请先关注公众号。'],
	'problem noCode': [
		'There is no code to scan: open the login page of n8n first.',
		'没有可扫的二维码：请先打开 n8n 的登录页面。',
	],
	'problem noBot': [
		'The bot is not logged in: open the login page under Console.',
		'机器人未登录：请在“控制台”打开登录页面。',
	],
	'problem notConnected': [
		'This account is not connected to n8n yet: enter the production URL under Console.',
		'该帐号尚未连接 n8n：请在“控制台”填写 Production URL。',
	],
	'problem notVerified': [
		'The address did not answer the verification. Is the workflow active, and does its credential have the values below?',
		'服务器地址未通过验证。工作流是否已激活，凭据内容是否与下方一致？',
	],
	'problem ticketRefused': [
		'The address did not take the ticket. Does the trigger use the credential of the platform?',
		'未能接收 component_verify_ticket。触发器是否使用了第三方平台凭据？',
	],
	'problem authorizationRefused': [
		'The address did not take the authorization of the account.',
		'未能处理帐号授权事件。',
	],
	'problem notPublished': [
		'The workflow that publishes did not start (HTTP {0}). Is it active?',
		'发布文章的工作流没有启动（HTTP {0}），它是否已激活？',
	],
	'problem noAddress': ['That is no http or https address.', '请填写 http 或 https 地址。'],
	'problem empty': ['Enter something first.', '请先填写内容。'],
	'problem tooLong': ['At most {0} bytes.', '不能超过 {0} 字节。'],
	'problem tooLarge': ['At most 10 MB.', '不能超过 10 MB。'],
	'problem noPicture': ['Choose a PNG, JPEG or GIF file.', '请选择 PNG、JPEG 或 GIF 文件。'],
	'problem notDegrees': [
		'Latitude is -90 to 90, longitude -180 to 180 degrees.',
		'纬度范围 -90 至 90，经度范围 -180 至 180。',
	],
	'problem noButton': ['The menu has changed.', '菜单已变更。'],
	'problem unknownButton': [
		'This page does not imitate buttons of the type {0}.',
		'本页面不支持 {0} 类型的菜单按钮。',
	],
	'problem testRunning': ['A test is running already.', '检测正在进行中。'],
	'problem failed': ['The simulator failed: {0}', '模拟器出错：{0}'],
};

const LANGUAGES = ['en', 'zh-CN'];
const STORED = 'language';

export let language = initialLanguage();

/** Remembered, else the first that the browser prefers. */
function initialLanguage() {
	const stored = localStorage.getItem(STORED);
	if (LANGUAGES.includes(stored)) return stored;
	return navigator.language.startsWith('zh') ? 'zh-CN' : 'en';
}

export function setLanguage(wanted) {
	language = wanted;
	localStorage.setItem(STORED, wanted);
}

/** A sentence in the language of the page; a name that has none stands for itself. */
export function t(name, detail = '') {
	const text = Object.hasOwn(TEXTS, name) ? TEXTS[name][LANGUAGES.indexOf(language)] : name;
	return text.replace('{0}', () => detail);
}

export const has = (name) => Object.hasOwn(TEXTS, name);

/** Why a call is not made, and what to do instead, as sentences. */
interface Refusal {
	reason: string;
	instead: string;
	/** Both in Chinese, as a sentence. */
	chinese: string;
}

interface RefusedCalls extends Refusal {
	/** The path in lower case, or what it begins with, up to a `*`. */
	paths: string[];
}

/**
 * Calls that take a secret, replace a token that the pack and other systems use, or need what API: Call does not send.
 * What each does stands on its page of WeChat: "getAccessToken", "getStableAccessToken", "Get the token of the platform",
 * and so on.
 */
const REFUSED_CALLS: readonly RefusedCalls[] = [
	{
		paths: ['/cgi-bin/token', '/cgi-bin/stable_token'],
		reason:
			'This call replaces the token of the account, and so breaks whoever uses the one before',
		instead: 'The node gets and renews tokens by itself. Make the call that you need a token for.',
		chinese:
			'它会更换账号的令牌，使正在用旧令牌的程序出错；节点会自动获取和刷新令牌，请直接调用需要的接口。',
	},
	{
		paths: ['/cgi-bin/component/api_component_token'],
		reason:
			'This call replaces the token of the platform, and so breaks whoever uses the one before',
		instead: 'The node gets and renews tokens by itself. Make the call that you need a token for.',
		chinese:
			'它会更换平台的令牌，使正在用旧令牌的程序出错；节点会自动获取和刷新令牌，请直接调用需要的接口。',
	},
	{
		paths: ['/cgi-bin/component/api_authorizer_token'],
		reason: 'This call replaces the token of an account, and may replace its refresh token',
		instead:
			'The node renews tokens by itself. To renew one now, use WeChat Open Platform, Account: Refresh Token.',
		chinese:
			'它会更换授权账号的令牌，还可能更换刷新令牌；节点会自动刷新，如需立即刷新，请使用 WeChat Open Platform 节点的“刷新授权账号令牌”。',
	},
	{
		paths: ['/cgi-bin/component/api_query_auth'],
		reason:
			'This call answers with the tokens of an account, and its code works once: the pack would never get them',
		instead:
			'WeChat Trigger takes authorizations by itself; otherwise use WeChat Open Platform, Authorization.',
		chinese:
			'它的应答含有账号的令牌，而授权码只能使用一次；WeChat Trigger 会自动处理授权，否则请使用 WeChat Open Platform 节点的“授权”。',
	},
	{
		paths: ['/cgi-bin/component/api_start_push_ticket'],
		reason: 'This call takes the secret of the platform',
		instead:
			'Use WeChat Open Platform, Platform: Start Ticket Push, which reads it from the credential.',
		chinese:
			'它需要平台的 AppSecret；请使用 WeChat Open Platform 节点的“启动票据推送服务”，它会从凭据中读取。',
	},
	{
		paths: ['/cgi-bin/clear_quota/v2', '/cgi-bin/component/clear_quota/v2'],
		reason: 'This call takes the secret of the account or platform',
		instead:
			'Use WeChat, Diagnostics and Quota: Clear Quota, or the one of WeChat Open Platform, Platform.',
		chinese:
			'它需要账号或平台的 AppSecret；请使用 WeChat 节点“诊断与额度”或 WeChat Open Platform 节点“平台”中的“重置 API 调用次数”。',
	},
	{
		paths: ['/donut/code2verifyinfo'],
		reason: 'This call takes the secret of the app',
		instead: 'Make it in the server of the app.',
		chinese: '它需要移动应用的 AppSecret；请在应用的服务器上调用。',
	},
	{
		paths: ['/sns/jscode2session', '/sns/component/jscode2session'],
		reason: 'This call takes a secret, and answers with the session key of a user',
		instead:
			'Use Mini Program Login of the WeChat node, which reads the secret from the credential.',
		chinese:
			'它需要 AppSecret，且应答含有用户的 session_key；请使用 WeChat 节点的“小程序登录”，它会从凭据中读取。',
	},
	{
		paths: ['/sns/*'],
		reason: 'The calls below /sns take or replace the token of one user, not that of the account',
		instead: 'Use WeChat, Web Authorization.',
		chinese:
			'/sns 下的接口使用或更换的是单个用户的令牌，而不是账号的；请使用 WeChat 节点的“网页授权”。',
	},
	{
		paths: ['/v3/marketing/partnerships/build', '/v3/marketing/partnerships/terminate'],
		reason: 'This call needs a header Idempotency-Key, which the node does not send',
		instead: 'Do it at pay.weixin.qq.com.',
		chinese: '它需要节点不会发送的请求头 Idempotency-Key；请在 pay.weixin.qq.com 上操作。',
	},
];

/** Finds why a call must not be made; undefined when it may. Capitals, and slashes too many, change nothing. */
export function findRefusal(path: string): Refusal | undefined {
	const asked = path.toLowerCase().replace(/\/+/g, '/').replace(/\/$/, '');
	const matches = (refused: string) =>
		refused.endsWith('*') ? `${asked}/`.startsWith(refused.slice(0, -1)) : asked === refused;
	return REFUSED_CALLS.find(({ paths }) => paths.some(matches));
}

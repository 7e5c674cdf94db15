/** Why a call is not made, and what to do instead, as sentences. */
interface Refusal {
	reason: string;
	instead: string;
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
	},
	{
		paths: ['/cgi-bin/component/api_component_token'],
		reason:
			'This call replaces the token of the platform, and so breaks whoever uses the one before',
		instead: 'The node gets and renews tokens by itself. Make the call that you need a token for.',
	},
	{
		paths: ['/cgi-bin/component/api_authorizer_token'],
		reason: 'This call replaces the token of an account, and may replace its refresh token',
		instead:
			'The node renews tokens by itself. To renew one now, use WeChat Open Platform, Account: Refresh Token.',
	},
	{
		paths: ['/cgi-bin/component/api_query_auth'],
		reason:
			'This call answers with the tokens of an account, and its code works once: the pack would never get them',
		instead:
			'WeChat Trigger takes authorizations by itself; otherwise use WeChat Open Platform, Authorization.',
	},
	{
		paths: ['/cgi-bin/component/api_start_push_ticket'],
		reason: 'This call takes the secret of the platform',
		instead:
			'Use WeChat Open Platform, Platform: Start Ticket Push, which reads it from the credential.',
	},
	{
		paths: ['/cgi-bin/clear_quota/v2', '/cgi-bin/component/clear_quota/v2'],
		reason: 'This call takes the secret of the account or platform',
		instead:
			'Use WeChat, Diagnostics and Quota: Clear Quota, or the one of WeChat Open Platform, Platform.',
	},
	{
		paths: ['/donut/code2verifyinfo'],
		reason: 'This call takes the secret of the app',
		instead: 'Make it in the server of the app.',
	},
	{
		paths: ['/sns/jscode2session', '/sns/component/jscode2session'],
		reason: 'This call takes a secret, and answers with the session key of a user',
		instead: 'Use WeChat, Login, which reads the secret from the credential.',
	},
	{
		paths: ['/sns/*'],
		reason: 'The calls below /sns take or replace the token of one user, not that of the account',
		instead: 'Use WeChat, Web Authorization.',
	},
	{
		paths: ['/v3/marketing/partnerships/build', '/v3/marketing/partnerships/terminate'],
		reason: 'This call needs a header Idempotency-Key, which the node does not send',
		instead: 'Do it at pay.weixin.qq.com.',
	},
];

/** Finds why a call must not be made; undefined when it may. Capitals, and slashes too many, change nothing. */
export function findRefusal(path: string): Refusal | undefined {
	const asked = path.toLowerCase().replace(/\/+/g, '/').replace(/\/$/, '');
	const matches = (refused: string) =>
		refused.endsWith('*') ? `${asked}/`.startsWith(refused.slice(0, -1)) : asked === refused;
	return REFUSED_CALLS.find(({ paths }) => paths.some(matches));
}

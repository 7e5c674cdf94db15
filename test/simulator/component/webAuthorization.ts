import { openidOf } from '../accounts/account';
import { accountOf, type SimulatorState } from '../behaviors/behavior';
import { kindOf } from '../accounts/defaults';
import { appendQuery, checkNames, checkRedirect, readLink, type Link } from './readLink';

const PAGE = 'https://open.weixin.qq.com/connect/oauth2/authorize';
/** In this order. */
const PARAMETERS = ['appid', 'redirect_uri', 'response_type', 'scope', 'state', 'component_appid'];
const REQUIRED = ['appid', 'redirect_uri', 'response_type', 'scope'];
const SCOPES = ['snsapi_base', 'snsapi_userinfo'];
const STATE = /^[a-zA-Z0-9]{0,128}$/;

/** 网页授权: where WeChat's browser goes after the visitor agreed. */
export function openWebAuthorization(text: string, openid: string, state: SimulatorState): string {
	const link = readLink(text);
	checkLink(link);
	const { params } = link;
	const value = (name: string) => params.get(name) ?? '';
	const { settings } = accountOf(state, value('appid'));
	if (kindOf(settings) === 'miniProgram') throw new Error('a mini program has no web pages');
	// All openids of one account begin alike.
	const prefix = openidOf(settings.appId, '').slice(0, 6);
	if (!openid.startsWith(prefix)) throw new Error(`${openid} is not a visitor of the account`);

	const componentAppId = params.get('component_appid');
	if (componentAppId !== undefined) checkComponent(componentAppId, settings.appId, state);
	const consent = { appId: settings.appId, openid, scope: value('scope'), componentAppId };
	return appendQuery(value('redirect_uri'), {
		code: state.oauth.codes.issue(consent),
		state: value('state'),
		...(componentAppId === undefined ? {} : { appid: settings.appId }),
	});
}

function checkLink(link: Link): void {
	const { address, params, hash } = link;
	if (address !== PAGE) throw new Error(`${address} is not the page of oauth2/authorize`);
	checkNames(link, PARAMETERS, REQUIRED);
	const inOrder = PARAMETERS.filter((name) => params.has(name));
	if (inOrder.join() !== [...params.keys()].join()) throw new Error('the order is not as written');
	if (hash !== '#wechat_redirect') throw new Error('the fragment is not #wechat_redirect');
	if (params.get('response_type') !== 'code') throw new Error('response_type is not code');
	for (const scope of String(params.get('scope')).split(',')) {
		if (!SCOPES.includes(scope)) throw new Error(`the scope ${scope} is unknown`);
	}
	if (!STATE.test(params.get('state') ?? '')) throw new Error('state is not 0-128 of a-zA-Z0-9');
	checkRedirect(String(params.get('redirect_uri')));
}

function checkComponent(
	componentAppId: string,
	appId: string,
	{ component }: SimulatorState,
): void {
	if (componentAppId !== component.settings.appId) {
		throw new Error('component_appid is not the platform');
	}
	if (!component.grants.of(appId)) throw new Error(`${appId} has not authorized the platform`);
}

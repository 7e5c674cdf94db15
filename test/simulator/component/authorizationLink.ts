import { kindOf, permissionsOf } from '../accounts/defaults';
import type { AccountKind, SimAccount } from '../types';
import type { Component } from './component';
import { checkNames, checkRedirect, readLink, type Link } from './readLink';

export interface Request {
	preAuthCode: string;
	redirect: string;
	permissions: number[];
}

const MOBILE = { fixed: { action: 'bindcomponent', no_scan: '1' }, hash: '#wechat_redirect' };

/** 授权链接: for a computer, for a phone, and the phone's old one. */
const pages: Record<string, { fixed: Record<string, string>; hash: string }> = {
	'https://mp.weixin.qq.com/cgi-bin/componentloginpage': { fixed: {}, hash: '' },
	'https://open.weixin.qq.com/wxaopen/safe/bindcomponent': MOBILE,
	'https://mp.weixin.qq.com/safe/bindcomponent': MOBILE,
};

/** auth_type; the other kinds are promoters (4), Channels (5) and selling assistants (8). */
const authTypes: Record<string, AccountKind[]> = {
	1: ['officialAccount'],
	2: ['miniProgram'],
	3: ['officialAccount', 'miniProgram'],
	4: [],
	5: [],
	6: ['officialAccount', 'miniProgram'],
	8: [],
};

const REQUIRED = ['component_appid', 'pre_auth_code', 'redirect_uri', 'auth_type'];
const OPTIONAL = ['biz_appid', 'category_id_list'];

/** What an authorization link asks of an account; throws an Error where its page would show one. */
export function readAuthorizationLink(
	text: string,
	account: SimAccount,
	component: Component,
): Request {
	const link = readLink(text);
	checkPage(link);
	const { params } = link;
	if (params.get('component_appid') !== component.settings.appId) {
		throw new Error('component_appid is not the platform');
	}
	const preAuthCode = String(params.get('pre_auth_code'));
	const state = component.preAuthCodes.stateOf(preAuthCode);
	if (state !== 'good') throw new Error(`the pre_auth_code is ${state}`);
	const redirect = String(params.get('redirect_uri'));
	checkRedirect(redirect);
	checkAccount(params, account);
	return { preAuthCode, redirect, permissions: chosenSets(params, account) };
}

function checkPage(link: Link): void {
	const page = Object.hasOwn(pages, link.address) ? pages[link.address] : undefined;
	if (!page) throw new Error(`${link.address} is no authorization page`);
	const fixed = Object.keys(page.fixed);
	checkNames(link, [...fixed, ...REQUIRED, ...OPTIONAL], [...fixed, ...REQUIRED]);
	for (const [name, value] of Object.entries(page.fixed)) {
		if (link.params.get(name) !== value) throw new Error(`${name} is not ${value}`);
	}
	if (link.hash !== page.hash) throw new Error(`the fragment is not "${page.hash}"`);
}

/** biz_appid wins over auth_type: the real kind of the account it names is used. */
function checkAccount(params: Link['params'], account: SimAccount): void {
	const authType = String(params.get('auth_type'));
	if (!Object.hasOwn(authTypes, authType)) throw new Error(`auth_type ${authType} is unknown`);
	const wanted = params.get('biz_appid');
	if (wanted !== undefined) {
		if (wanted !== account.appId) throw new Error('biz_appid is another account');
	} else if (!authTypes[authType].includes(kindOf(account))) {
		throw new Error(`auth_type ${authType} does not list ${account.appId}`);
	}
}

function chosenSets(params: Link['params'], account: SimAccount): number[] {
	const sets = permissionsOf(account);
	const list = params.get('category_id_list');
	if (list === undefined) return sets;
	if (!/^\d+(\|\d+)*$/.test(list)) throw new Error('category_id_list is not ids with | between');
	const chosen = list.split('|').map(Number);
	return sets.filter((id) => chosen.includes(id));
}

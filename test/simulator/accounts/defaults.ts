import { callLater } from '../http/callLater';
import type { ComponentSettings } from '../component/types';
import type { AccountKind, SimAccount, SimulatorOptions } from '../types';

/** Made up for the simulator; no real account has these. */
export const DEFAULT_ACCOUNT: SimAccount = {
	appId: 'wx51a7e0c3d94b26f8',
	secret: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
	token: 'simulatorToken2024',
	// Like most real keys it is not canonical Base64: character 43 has spare bits set.
	encodingAESKey: 'SimulatorKeySimulatorKeySimulatorKey1234567',
	name: 'gh_5a1b2c3d4e5f',
	mode: 'safe',
	format: 'xml',
};

export const SECOND_ACCOUNT: SimAccount = {
	...DEFAULT_ACCOUNT,
	appId: 'wx62b8f1d4ea5c3709',
	secret: '1a2b3c4d5e6f708192a3b4c5d6e7f809',
	token: 'secondToken2024',
	encodingAESKey: 'SecondAccountSecondAccountSecondAcc12345679',
	name: 'gh_6b2c3d4e5f60',
	nickName: '第二个公众号',
};

export const MINI_PROGRAM_ACCOUNT: SimAccount = {
	...DEFAULT_ACCOUNT,
	appId: 'wx73c9a2e5fb6d481a',
	secret: '2b3c4d5e6f708192a3b4c5d6e7f8091a',
	token: 'miniProgramToken2024',
	encodingAESKey: 'MiniProgramKeyMiniProgramKeyMiniPro12345679',
	name: 'gh_7c3d4e5f6071',
	kind: 'miniProgram',
	nickName: '示例小程序',
};

export const MOBILE_APP_ACCOUNT: SimAccount = {
	...DEFAULT_ACCOUNT,
	appId: 'wx95ebc4a71d8f6a3c',
	secret: '4d5e6f708192a3b4c5d6e7f8091a2b3c',
	name: 'gh_8d4e5f607182',
	kind: 'mobileApp',
	nickName: '示例移动应用',
};

export const SHOP_ACCOUNT: SimAccount = {
	...DEFAULT_ACCOUNT,
	appId: 'wxa6fcd5b82e907b4d',
	secret: '5e6f708192a3b4c5d6e7f8091a2b3c4d',
	token: 'shopToken2024',
	encodingAESKey: 'WechatShopKeyWechatShopKeyWechatShop1234567',
	name: 'gh_9e5f60718293',
	kind: 'shop',
	format: 'json',
	nickName: '示例小店',
};

export const DEFAULT_COMPONENT: ComponentSettings = {
	appId: 'wx84dab3f60c7e592b',
	secret: '3c4d5e6f708192a3b4c5d6e7f8091a2b',
	token: 'componentToken2024',
	encodingAESKey: 'ComponentKeyComponentKeyComponentKey1234567',
};

const permissions: Record<AccountKind, number[]> = {
	officialAccount: [1, 2, 3, 4, 6, 7, 9, 11, 15, 24, 27],
	miniProgram: [17, 18, 19, 20, 21, 25, 30, 31, 33],
	mobileApp: [],
	shop: [129, 131],
};

export const kindOf = ({ kind = 'officialAccount' }: SimAccount): AccountKind => kind;

export const permissionsOf = (account: SimAccount): number[] =>
	account.permissions ?? permissions[kindOf(account)];

export const DEFAULT_OPTIONS: Omit<SimulatorOptions, 'events'> = {
	port: 0,
	latencyMs: 0,
	tokenSeconds: 7200,
	followers: 25,
	pageSize: 10_000,
	replyWindow: false,
	pushTimeoutMs: 5000,
	pushDeliveries: 3,
	accounts: [DEFAULT_ACCOUNT],
	component: DEFAULT_COMPONENT,
	componentGraceMs: 0,
	rotateRefreshTokens: false,
	releaseTestMs: 10_000,
	phones: [],
	now: Date.now,
	later: callLater,
};

import { constants, verify, type KeyObject } from 'node:crypto';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import { isObject, parseJson } from '../http/json';
import type { AccountKind } from '../types';
import type { Behavior } from './behavior';

const ATTK_VERSION = 2;
const SUPPORT_TYPES_SINCE = 2;
const SALT_BYTES = 20;

/** Which code WeChat gives an app of another kind is unconfirmed; 48001 is what others lack rights with. */
function requireKind({ settings }: Account, kind: AccountKind): void {
	if (settings.kind !== kind) throw new ApiError(48001);
}

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });

interface DeviceInfo {
	deviceinfo?: { MANUFACTURER?: { '@name'?: string; MODEL?: { '@name'?: string } } };
}

function modelIn(xml: string) {
	if (XMLValidator.validate(xml) !== true) throw new ApiError(90001, 'invalid xml');
	const { deviceinfo: { MANUFACTURER: maker } = {} } = parser.parse(xml) as DeviceInfo;
	const [manufacturer, model] = [maker?.['@name'], maker?.MODEL?.['@name']];
	if (manufacturer === undefined || model === undefined)
		throw new ApiError(90002, 'invalid xml node');
	return { manufacturer, model };
}

function isSigned(json: string, signature: string, key: KeyObject): boolean {
	const padding = constants.RSA_PKCS1_PSS_PADDING;
	const saltLength = SALT_BYTES;
	const bytes = Buffer.from(signature, 'base64');
	return verify('sha256', Buffer.from(json), { key, padding, saltLength }, bytes);
}

function deviceIdIn(askJson: string): string {
	let said: unknown;
	try {
		said = parseJson(askJson);
	} catch {
		// What follows says it.
	}
	if (!isObject(said)) throw new ApiError(90003, 'ask_json format error');
	if (typeof said.cpu_id !== 'string' || said.cpu_id === '')
		throw new ApiError(90004, 'no device_id in ask_json');
	return said.cpu_id;
}

export const soterBehaviors: Record<string, Behavior> = {
	'soter.isSupport': (account, { body, state }) => {
		requireKind(account, 'mobileApp');
		const { manufacturer, model } = modelIn(String(body.model_key));
		const { supportType = 0 } =
			state.options.phones.find(
				({ make }) => make.manufacturer === manufacturer && make.model === model,
			)?.make ?? {};
		const types =
			Number(body.sdk_version) >= SUPPORT_TYPES_SINCE ? { support_type: supportType } : {};
		return { is_support: supportType > 0, ...types };
	},
	'soter.verifyAsk': (account, { body, state }) => {
		requireKind(account, 'mobileApp');
		const [json, signature] = [String(body.ask_json), String(body.ask_json_signature)];
		if (json === '') throw new ApiError(90001, 'ask_json missing');
		if (signature === '') throw new ApiError(90002, 'ask_json_signature missing');
		const deviceId = deviceIdIn(json);
		const phone = state.options.phones.find(({ make }) => make.cpuId === deviceId);
		if (!phone) throw new ApiError(90005, 'attk not found');
		const is_verified = isSigned(json, signature, phone.attk.publicKey);
		return { is_verified, attk_version: ATTK_VERSION };
	},
	'soter.verifySignature': (account, { body, state }) => {
		requireKind(account, 'miniProgram');
		const { openid } = account.user(String(body.openid));
		const [json, signature] = [String(body.json_string), String(body.json_signature)];
		const phones = state.options.phones.filter((one) => one.isOf(account.settings.appId, openid));
		return {
			is_ok: phones.some(({ authKey }) => isSigned(json, signature, authKey.publicKey)),
		};
	},
};

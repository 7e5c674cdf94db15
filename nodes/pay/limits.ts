import { isIPv4 } from 'node:net';
import { Problem } from '../api/errors';
import type { Fields } from './sign';

const YUAN = 100;
/** Of each packet, unless the merchant has other limits for a scene (场景). */
const EACH = { min: 1 * YUAN, max: 200 * YUAN };
/** Of all packets of a group together. */
const GROUP = { minPackets: 3, max: 1000 * YUAN };

/**
 * Checks a packet against the limits that WeChat publishes (发放规则), before anything is sent. Throws {@link Problem}.
 */
export function checkPacket(packet: Fields, isGroup: boolean): void {
	const { re_openid, client_ip, scene_id } = packet;
	const total = whole('Amount', packet.total_amount, 'of fen; 100 fen are one yuan');
	const packets = isGroup ? whole('Number of Packets', packet.total_num, '') : 1;
	if (!/^[\w-]{1,32}$/.test(String(re_openid)))
		throw new Problem(
			`"OpenID" has letters, digits, - and _ only, and is "${String(re_openid)}"`,
			'Take the OpenID (用户openid) of the receiver under the official account of AppID.',
		);
	if (!isGroup && !isIPv4(String(client_ip)))
		throw new Problem(
			`"Client IP" is not an IPv4 address: "${String(client_ip)}"`,
			'Enter the address of the n8n server, such as 192.168.0.1.',
		);
	if (isGroup && packets < GROUP.minPackets)
		throw new Problem(
			`"Number of Packets" must be at least ${GROUP.minPackets}`,
			'A single packet is what Send is for.',
		);
	if (isGroup && total > GROUP.max)
		throw new Problem(
			`"Amount" is ${yuan(total)} yuan; a group gets at most ${yuan(GROUP.max)}`,
			'Send it as several groups.',
		);
	const each = total / packets;
	if (scene_id || (each >= EACH.min && each <= EACH.max)) return;
	const what = isGroup
		? `makes ${yuan(each)} yuan for each of ${packets} packets`
		: `is ${yuan(each)} yuan`;
	throw new Problem(
		`"Amount" ${what}; WeChat allows ${yuan(EACH.min)} to ${yuan(EACH.max)} yuan`,
		'Amount is in fen: 100 is one yuan. Other amounts need a Scene (场景) for which the merchant has other limits.',
	);
}

function whole(label: string, value: unknown, unit: string): number {
	if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value;
	throw new Problem(
		`"${label}" must be a whole number${unit && ` ${unit}`}, and is ${String(value)}`,
	);
}

/** Averages of groups may be a little beyond a limit. */
const yuan = (fen: number) => String(Number((fen / YUAN).toFixed(3)));

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { UserError } from '../base/userError';

/** Finds the addresses of a host; none when its name is unknown here. */
type Lookup = (host: string) => Promise<string[]>;

/**
 * IPv4 networks that are no part of the public internet, and where clouds keep their keys: 169.254.169.254,
 * 100.100.100.200, 168.63.129.16.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const INNER_NETWORKS = [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['168.63.129.16', 32],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.0.0.0', 24],
	['192.0.2.0', 24],
	['192.88.99.0', 24],
	['192.168.0.0', 16],
	['198.51.100.0', 24],
	['203.0.113.0', 24],
	['224.0.0.0', 3],
] as const;
/** For measurements; some proxies give out one of its addresses for every name (fake IP). */
const FAKE_NETWORK = ['198.18.0.0', 15] as const;

/** IPv6 has one public network, 2000::/3. It has these for special uses, such as tunnels that hold any IPv4 address. */
const INNER_IPV6_NETWORKS = [
	['::', 3],
	['4000::', 2],
	['8000::', 1],
	['2001::', 23],
	['2001:db8::', 32],
	['2002::', 16],
	['3fff::', 20],
] as const;
/** IPv6 for IPv4, which is behind the first 96 bits: as sockets write it, and as networks without IPv4 do (NAT64). */
const TRANSLATED_NETWORKS = ['::ffff:0.0.0.0', '64:ff9b::0.0.0.0'] as const;

const innerNetworks = new BlockList();
const innerIpv6Networks = new BlockList();
const translatedNetworks = new BlockList();
const fakeNetwork = new BlockList();
for (const [net, bits] of INNER_NETWORKS) addSubnet(innerNetworks, net, bits);
addSubnet(fakeNetwork, ...FAKE_NETWORK);
for (const [net, bits] of INNER_IPV6_NETWORKS) innerIpv6Networks.addSubnet(net, bits, 'ipv6');
for (const net of TRANSLATED_NETWORKS) translatedNetworks.addSubnet(net, 96, 'ipv6');

/** Adds a network, and what stands for it in IPv6. */
function addSubnet(list: BlockList, net: string, bits: number): void {
	list.addSubnet(net, bits);
	for (const zero of TRANSLATED_NETWORKS)
		list.addSubnet(zero.replace('0.0.0.0', net), 96 + bits, 'ipv6');
}

/**
 * Finds where an address leads that a server named, before a file is fetched from it. Otherwise a false server could make n8n
 * call its own neighbors. The server itself is allowed, wherever it is: its scheme, host and port.
 *
 * @returns Where the host is. The connection must go there: a second look-up could say something else. Undefined for
 * the server itself.
 * @throws {UserError} when the address is inside the network.
 */
export async function findPublicAddresses(
	url: URL,
	server: URL,
	find: Lookup = findAddresses,
): Promise<string[] | undefined> {
	if (url.origin === server.origin && url.origin !== 'null') return undefined;
	if (['http:', 'https:'].includes(url.protocol)) {
		const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
		const isName = isIP(host) === 0;
		const addresses = isName ? pickFakes((await find(host)).map(removeZone)) : [host];
		if (!addresses.some((address) => isInside(address) || (!isName && isFake(address))))
			return addresses;
	}
	throw new UserError(
		`The file is said to be at ${url.host || url.protocol}, which is no public address: it was not fetched`,
		'Only a server inside your own network, or one that is not what it seems, names such addresses. Check the base URL in the credential.',
		`文件地址 ${url.host || url.protocol} 不是公网地址，没有下载：只有内网服务器或伪装的服务器才会给出这样的地址，请检查凭据中的服务器地址。`,
	);
}

/** Unknown names have no addresses: then a proxy looks them up, or the call says so. */
async function findAddresses(host: string): Promise<string[]> {
	const found = await lookup(host, { all: true }).catch(() => []);
	return found.map(({ address }) => address);
}

/** Removes the network card of a link-local address, such as fe80::1%eth0. */
const removeZone = (address: string) => address.replace(/%.*$/, '');

function isInside(address: string): boolean {
	if (isIP(address) === 4) return innerNetworks.check(address);
	const isTranslated = translatedNetworks.check(address, 'ipv6');
	return (isTranslated ? innerNetworks : innerIpv6Networks).check(address, 'ipv6');
}

/**
 * The addresses that a proxy gave out, where there are any: beside them such proxies give out some of fc00::/18, which
 * say nothing about where the host is.
 *
 * @see https://sing-box.sagernet.org/configuration/dns/server/fakeip/
 */
function pickFakes(addresses: string[]): string[] {
	const fakes = addresses.filter(isFake);
	return fakes.length > 0 ? fakes : addresses;
}

const isFake = (address: string) =>
	fakeNetwork.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Names that no public name server knows: RFC 2606, 6762, 8375. */
const NEARBY_NAME = /(?:^|\.)(?:localhost|local|lan|internal|home\.arpa|test|invalid|example)$/;

/**
 * Finds out why WeChat cannot push to an address; undefined when nothing speaks against it. WeChat takes http and https,
 * on the ports 80 and 443 only.
 *
 * @see https://developers.weixin.qq.com/doc/service/guide/dev/push/ "必须以 http:// 或 https:// 开头，分别支持 80 端口和 443 端口"
 */
export function findAddressProblem(address: string): string | undefined {
	if (!URL.canParse(address)) return 'is no address';
	const { protocol, hostname, port } = new URL(address);
	const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
	if (isIP(host) ? isInside(host) : !host.includes('.') || NEARBY_NAME.test(host))
		return 'can be reached from this network only (只能内网访问)';
	// URL leaves out the port that belongs to the protocol; the other one of the two would be http on 443, or https on 80.
	if (port) return `has port ${port}: WeChat pushes to port 80 (http) and 443 (https) only`;
	if (protocol === 'http:') return 'is not encrypted: others on the way can read what it is sent';
	return undefined;
}

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { UserError } from '../base/userError';

/**
 * The machine of n8n and the networks around it, among them where clouds keep their keys (169.254.169.254,
 * 100.100.100.200). Not 198.18.0.0/15, which some proxies give out for every name (fake IP).
 */
const privateNetworks = new BlockList();
for (const [net, bits] of [
	['0.0.0.0', 8],
	['10.0.0.0', 8],
	['100.64.0.0', 10],
	['127.0.0.0', 8],
	['169.254.0.0', 16],
	['172.16.0.0', 12],
	['192.168.0.0', 16],
] as const)
	privateNetworks.addSubnet(net, bits);
for (const [net, bits] of [
	['::', 127],
	['fc00::', 7],
	['fe80::', 10],
] as const)
	privateNetworks.addSubnet(net, bits, 'ipv6');

/**
 * Checks an address that a server named, before a file is fetched from it. Otherwise a false server could make n8n
 * call its own neighbors. The host of the server itself is allowed, wherever it is.
 *
 * @throws {UserError} when the address is inside the network.
 */
export async function checkPublicAddress(url: URL, server: URL): Promise<void> {
	if (/^https?:$/.test(url.protocol)) {
		if (url.hostname === server.hostname) return;
		if (!(await resolveAddresses(url)).some(isInside)) return;
	}
	throw new UserError(
		`The file is said to be at ${url.host || url.protocol}, which is no public address: it was not fetched`,
		'Only a server inside your own network, or one that is not what it seems, names such addresses. Check the base URL in the credential.',
	);
}

/** None where the name is unknown here: then a proxy looks it up, or the call says so. */
async function resolveAddresses({ hostname }: URL): Promise<string[]> {
	const host = hostname.replace(/^\[(.*)\]$/, '$1');
	if (isIP(host)) return [host];
	const found = await lookup(host, { all: true }).catch(() => []);
	return found.map(({ address }) => address);
}

const isInside = (address: string) =>
	privateNetworks.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

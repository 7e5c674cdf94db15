import { findTlsFailure } from '../base/connectionError';
import { toLogLine } from '../base/logLine';
import { UserError } from '../base/userError';
import { describeTarget, type RedisTarget } from './redisUrl';

interface Refusal {
	/** Matches code and message of the error. */
	sign: RegExp;
	/** Goes on after "Redis at redis.example.com:6379 ". */
	says: string;
	hint: string;
}

/** What servers and Node.js say when a connection comes to nothing, and what to do about it. The first that matches counts. */
const REFUSALS: Refusal[] = [
	{
		sign: /ENOTFOUND|EAI_AGAIN/,
		says: 'was not found: nobody knows a host of that name',
		hint: 'Check the host in Redis URL. In Docker it is the name of the service or container.',
	},
	{
		sign: /ECONNREFUSED/,
		says: 'refuses connections',
		hint: 'Check that it runs, its port in Redis URL, and "bind" in redis.conf: without it Redis listens to its own computer only.',
	},
	{
		sign: /EHOSTUNREACH|ENETUNREACH/,
		says: 'cannot be reached: no way leads there',
		hint: 'Check the address in Redis URL, and the network between n8n and Redis.',
	},
	{
		sign: /DENIED/,
		says: 'is in protected mode: without a password it answers its own computer only',
		hint: 'Set a password ("requirepass" in redis.conf, or a user) and enter it in Redis URL.',
	},
	{
		sign: /WRONGPASS|invalid password/i,
		says: 'does not accept the user and password in Redis URL',
		hint: 'Check both. Without a user it is redis://:password@host. % is written as %25.',
	},
	{
		sign: /NOAUTH/,
		says: 'asks for a password, and there is none in Redis URL',
		hint: 'Enter it as redis://:password@host, or with a user as redis://user:password@host.',
	},
	{
		sign: /DB index is out of range|invalid DB index/i,
		says: 'does not have the database that Redis URL ends in',
		hint: 'There are 16, from 0 to 15, unless "databases" in redis.conf says otherwise.',
	},
	{
		sign: /max number of clients/i,
		says: 'has as many connections as it takes',
		hint: 'Raise "maxclients" in redis.conf. Each process of n8n needs two connections for each Redis URL.',
	},
	{
		sign: /LOADING/,
		says: 'still reads its data from the disk',
		hint: 'Try again when it has started.',
	},
	{
		sign: /cluster support disabled/i,
		says: 'is no cluster',
		hint: 'Write redis:// in place of redis+cluster:// in Redis URL.',
	},
	{
		sign: /MOVED|CROSSSLOT/,
		says: 'is a node of a cluster',
		hint: 'Write redis+cluster:// in place of redis:// in Redis URL, or rediss+cluster:// with TLS.',
	},
	{
		sign: /CLUSTERDOWN/,
		says: 'is down: no node serves some of its slots',
		hint: 'Look at CLUSTER INFO of a node. "redis-cli --cluster check" says what is missing.',
	},
	{
		sign: /READONLY/,
		says: 'only follows another one, and takes nothing to keep',
		hint: 'Enter the address of the primary in Redis URL, or of the Sentinels that know it.',
	},
	{
		sign: /OOM /,
		says: 'is full',
		hint: 'Raise "maxmemory" in redis.conf, or take out of it what is not needed.',
	},
	{
		sign: /MISCONF/,
		says: 'cannot save to its disk, and takes nothing to keep until it can',
		hint: 'Its own log says why. Often the disk is full.',
	},
	{
		sign: /NOREPLICAS/,
		says: 'has fewer replicas than "min-replicas-to-write" asks for, and takes nothing to keep',
		hint: 'Start the replicas, or lower that setting.',
	},
	{
		sign: /ALTNAME/,
		says: 'has a certificate for another name',
		hint: 'Enter the host in Redis URL as the certificate has it. Nodes of a cluster and servers behind Sentinels need certificates for the names or addresses under which they are announced.',
	},
	{
		sign: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
		says: 'has a certificate that is too old, or not valid yet',
		hint: 'Renew it, and check the clock of the server of n8n.',
	},
	{
		sign: /CERTIFICATE_REQUIRED|ALERT_\w*CERTIFICATE|HANDSHAKE_FAILURE|certificate required/i,
		says: 'hangs up once TLS is there, most likely for want of a certificate of n8n',
		hint: 'Set "tls-auth-clients no" in redis.conf; user and password say who is there.',
	},
	{
		sign: /WRONG_VERSION_NUMBER|RESP type|Protocol error|PACKET_LENGTH/i,
		says: 'answers as something else than Redis does',
		hint: 'Check host and port in Redis URL.',
	},
	{
		sign: /TIMEDOUT|timed out|timeout/i,
		says: 'gives no answer within 3 seconds',
		hint: 'Check host and port in Redis URL, and firewalls between n8n and Redis.',
	},
];

/** Says what a connection or a command failed of, and what to do. Of the login nothing is repeated. */
export function createRefusal(target: RedisTarget, error: Error): UserError {
	const code = 'code' in error ? String(error.code) : '';
	const text = `${code} ${error.message}`;
	const who = `Redis at ${describeTarget(target)}`;
	const known = REFUSALS.find(({ sign }) => sign.test(text));
	if (known) return new UserError(`${who} ${known.says}`, known.hint);
	if (findTlsFailure(code) === 'serverUntrusted')
		return new UserError(
			`${who} has a certificate that n8n does not trust (${code})`,
			'Give the file of its certificate authority to all processes of n8n in the environment variable NODE_EXTRA_CA_CERTS, and restart them.',
		);
	return new UserError(`${who} cannot be used: ${toLogLine(error.message)}`, 'Check Redis URL.');
}

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
	/** What happened and what to do, in Chinese: a sentence of its own. */
	chinese: string;
}

/** What servers and Node.js say when a connection comes to nothing, and what to do about it. The first that matches counts. */
const REFUSALS: Refusal[] = [
	{
		sign: /ENOTFOUND|EAI_AGAIN/,
		says: 'was not found: nobody knows a host of that name',
		hint: 'Check the host in Redis URL. In Docker it is the name of the service or container.',
		chinese: '找不到 Redis 的主机：请检查“Redis地址”中的主机名；在 Docker 中它是服务或容器的名称。',
	},
	{
		sign: /ECONNREFUSED/,
		says: 'refuses connections',
		hint: 'Check that it runs, its port in Redis URL, and "bind" in redis.conf: without it Redis listens to its own computer only.',
		chinese:
			'Redis 拒绝连接：请检查它是否在运行、“Redis地址”中的端口，以及 redis.conf 的 bind（未设置时 Redis 只监听本机）。',
	},
	{
		sign: /EHOSTUNREACH|ENETUNREACH/,
		says: 'cannot be reached: no way leads there',
		hint: 'Check the address in Redis URL, and the network between n8n and Redis.',
		chinese: '无法到达 Redis：请检查“Redis地址”以及 n8n 与 Redis 之间的网络。',
	},
	{
		sign: /DENIED/,
		says: 'is in protected mode: without a password it answers its own computer only',
		hint: 'Set a password ("requirepass" in redis.conf, or a user) and enter it in Redis URL.',
		chinese:
			'Redis 处于保护模式，没有密码时只应答本机：请设置密码（redis.conf 的 requirepass，或用户），并写入“Redis地址”。',
	},
	{
		sign: /WRONGPASS|invalid password/i,
		says: 'does not accept the user and password in Redis URL',
		hint: 'Check both. Without a user it is redis://:password@host. % is written as %25.',
		chinese:
			'Redis 不接受“Redis地址”中的用户名和密码：请检查两者；没有用户名时写成 redis://:password@host，% 写成 %25。',
	},
	{
		sign: /NOAUTH/,
		says: 'asks for a password, and there is none in Redis URL',
		hint: 'Enter it as redis://:password@host, or with a user as redis://user:password@host.',
		chinese:
			'Redis 要求密码，而“Redis地址”中没有：请写成 redis://:password@host，有用户名时写成 redis://user:password@host。',
	},
	{
		sign: /DB index is out of range|invalid DB index/i,
		says: 'does not have the database that Redis URL ends in',
		hint: 'There are 16, from 0 to 15, unless "databases" in redis.conf says otherwise.',
		chinese:
			'Redis 没有“Redis地址”末尾所写的数据库：除非 redis.conf 的 databases 另有设置，只有 0 到 15 共 16 个。',
	},
	{
		sign: /max number of clients/i,
		says: 'has as many connections as it takes',
		hint: 'Raise "maxclients" in redis.conf. Each process of n8n needs two connections for each Redis URL.',
		chinese:
			'Redis 的连接数已达上限：请调高 redis.conf 的 maxclients；n8n 的每个进程对每个“Redis地址”需要两个连接。',
	},
	{
		sign: /LOADING/,
		says: 'still reads its data from the disk',
		hint: 'Try again when it has started.',
		chinese: 'Redis 正在从磁盘加载数据：请在其启动完成后再试。',
	},
	{
		sign: /cluster support disabled/i,
		says: 'is no cluster',
		hint: 'Write redis:// in place of redis+cluster:// in Redis URL.',
		chinese: '该 Redis 不是集群：请把“Redis地址”中的 redis+cluster:// 改为 redis://。',
	},
	{
		sign: /MOVED|CROSSSLOT/,
		says: 'is a node of a cluster',
		hint: 'Write redis+cluster:// in place of redis:// in Redis URL, or rediss+cluster:// with TLS.',
		chinese:
			'该 Redis 是集群的节点：请把“Redis地址”中的 redis:// 改为 redis+cluster://，使用 TLS 时改为 rediss+cluster://。',
	},
	{
		sign: /CLUSTERDOWN/,
		says: 'is down: no node serves some of its slots',
		hint: 'Look at CLUSTER INFO of a node. "redis-cli --cluster check" says what is missing.',
		chinese:
			'Redis 集群不可用，部分槽位没有节点负责：请查看节点的 CLUSTER INFO，或用 redis-cli --cluster check 查明缺少什么。',
	},
	{
		sign: /READONLY/,
		says: 'only follows another one, and takes nothing to keep',
		hint: 'Enter the address of the primary in Redis URL, or of the Sentinels that know it.',
		chinese: '该 Redis 是只读的从节点：请在“Redis地址”中填写主节点或其 Sentinel 的地址。',
	},
	{
		sign: /OOM /,
		says: 'is full',
		hint: 'Raise "maxmemory" in redis.conf, or take out of it what is not needed.',
		chinese: 'Redis 的内存已满：请调高 redis.conf 的 maxmemory，或删除不需要的数据。',
	},
	{
		sign: /MISCONF/,
		says: 'cannot save to its disk, and takes nothing to keep until it can',
		hint: 'Its own log says why. Often the disk is full.',
		chinese: 'Redis 无法写入磁盘，暂不接受写入：请查看其日志，常见原因是磁盘已满。',
	},
	{
		sign: /NOREPLICAS/,
		says: 'has fewer replicas than "min-replicas-to-write" asks for, and takes nothing to keep',
		hint: 'Start the replicas, or lower that setting.',
		chinese:
			'Redis 的从节点少于 min-replicas-to-write 的要求，暂不接受写入：请启动从节点，或调低该设置。',
	},
	{
		sign: /ALTNAME/,
		says: 'has a certificate for another name',
		hint: 'Enter the host in Redis URL as the certificate has it. Nodes of a cluster and servers behind Sentinels need certificates for the names or addresses under which they are announced.',
		chinese:
			'Redis 的证书属于另一个名称：“Redis地址”中的主机须与证书一致；集群节点和 Sentinel 后的服务器，其证书须包含对外公布的名称或地址。',
	},
	{
		sign: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/,
		says: 'has a certificate that is too old, or not valid yet',
		hint: 'Renew it, and check the clock of the server of n8n.',
		chinese: 'Redis 的证书已过期或尚未生效：请更新证书，并检查 n8n 服务器的时钟。',
	},
	{
		sign: /CERTIFICATE_REQUIRED|ALERT_\w*CERTIFICATE|HANDSHAKE_FAILURE|certificate required/i,
		says: 'hangs up once TLS is there, most likely for want of a certificate of n8n',
		hint: 'Set "tls-auth-clients no" in redis.conf; user and password say who is there.',
		chinese:
			'Redis 在 TLS 握手后断开，多半是要求客户端证书：请在 redis.conf 中设置 tls-auth-clients no，用用户名和密码验证身份。',
	},
	{
		sign: /WRONG_VERSION_NUMBER|RESP type|Protocol error|PACKET_LENGTH/i,
		says: 'answers as something else than Redis does',
		hint: 'Check host and port in Redis URL.',
		chinese: '应答的不像是 Redis：请检查“Redis地址”中的主机和端口。',
	},
	{
		sign: /TIMEDOUT|timed out|timeout/i,
		says: 'gives no answer within 3 seconds',
		hint: 'Check host and port in Redis URL, and firewalls between n8n and Redis.',
		chinese:
			'Redis 在 3 秒内没有应答：请检查“Redis地址”中的主机和端口，以及 n8n 与 Redis 之间的防火墙。',
	},
];

/** Says what a connection or a command failed of, and what to do. Of the login nothing is repeated. */
export function createRefusal(target: RedisTarget, error: Error): UserError {
	const code = 'code' in error ? String(error.code) : '';
	const text = `${code} ${error.message}`;
	const who = `Redis at ${describeTarget(target)}`;
	const known = REFUSALS.find(({ sign }) => sign.test(text));
	if (known) return new UserError(`${who} ${known.says}`, known.hint, known.chinese);
	if (findTlsFailure(code) === 'serverUntrusted')
		return new UserError(
			`${who} has a certificate that n8n does not trust (${code})`,
			'Give the file of its certificate authority to all processes of n8n in the environment variable NODE_EXTRA_CA_CERTS, and restart them.',
			`n8n 不信任 Redis 的证书（${code}）：请用环境变量 NODE_EXTRA_CA_CERTS 向 n8n 的所有进程提供其颁发机构的证书文件，然后重启。`,
		);
	return new UserError(
		`${who} cannot be used: ${toLogLine(error.message)}`,
		'Check Redis URL.',
		'无法使用 Redis：请检查“Redis地址”。',
	);
}

#!/usr/bin/env bash
# wechatpay-axios-plugin: a query with an apostrophe is signed in one way, and sent in another.
#
# Expected before it was run: it signs the very path and query that it sends, whatever stands in a value, as WeChat's page says
# (pay.weixin.qq.com/doc/v3/merchant/4012365337).
# Seen: it signs the query as new URL() writes it, where ' is %27, and axios sends it as '. WeChat answers SIGN_ERROR to a name
# such as McDonald's (seller_name of GET /v3/new-tax-control-fapiao/user-title/title-url), and to no other one that was tried.
#
# Needs Node.js 20 or 24 and the npm registry, takes ten seconds. Exits with 1 when it behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --ignore-scripts --no-audit --no-fund wechatpay-axios-plugin@0.9.6 axios@1.20.0
cat > run.cjs << 'END'
const { generateKeyPairSync, verify } = require('crypto');
const { createServer } = require('http');
const { Wechatpay } = require('wechatpay-axios-plugin');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key, type) => key.export({ type, format: 'pem' });

let seen = '';
const server = createServer((request, response) => {
	const part = (name) => new RegExp(`${name}="([^"]*)"`).exec(request.headers.authorization)[1];
	const lines = `${request.method}\n${request.url}\n${part('timestamp')}\n${part('nonce_str')}\n\n`;
	const isRight = verify('RSA-SHA256', Buffer.from(lines), publicKey, Buffer.from(part('signature'), 'base64'));
	seen = `${isRight ? 'right' : 'wrong'} for ${request.url.slice(1)}`;
	response.writeHead(400).end();
});
server.listen(0, '127.0.0.1', async () => {
	const client = new Wechatpay({
		mchid: '1900000109',
		serial: '01',
		privateKey: pem(privateKey, 'pkcs8'),
		certs: { PUB_KEY_ID_1: pem(publicKey, 'spki') },
		baseURL: `http://127.0.0.1:${server.address().port}`,
	});
	const lists = [];
	for (const name of ['麦当劳', 'A&B (50%) + "C" <d> #1/2?', "McDonald's"]) {
		await client.chain('v3/a').get({ params: { name } }).catch(() => {});
		lists.push(seen);
	}
	server.close();
	console.log(lists.join('\n'));
	const expected = ['right', 'right', 'wrong'];
	const same = lists.map((one) => one.slice(0, 5)).join() === expected.join() && lists[2].endsWith("'s");
	console.log(same ? 'as expected of this version' : 'changed');
	process.exit(same ? 0 : 1);
});
END
node run.cjs

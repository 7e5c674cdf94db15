#!/usr/bin/env bash
# wechatpay-node-v3: getSignature() of a POST or DELETE without a body is a signature that WeChat Pay refuses.
#
# Expected before it was run: it signs five lines whatever the method, the last one empty when there is no body, as WeChat's
# page says (pay.weixin.qq.com/doc/v3/merchant/4012365336) and as it does for GET.
# Seen: without a body it signs four lines for every method but GET. Calls such as POST .../transfer-bills/out-bill-no/{n}/cancel
# and DELETE /v3/merchant-service/complaint-notifications have none. wechatpay-axios-plugin 0.9.6 signs what WeChat expects.
#
# Needs Node.js 20 or 24 and the npm registry, takes ten seconds. Exits with 1 when one of them behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --ignore-scripts --no-audit --no-fund wechatpay-node-v3@2.2.1 wechatpay-axios-plugin@0.9.6
cat > run.cjs << 'END'
const { generateKeyPairSync, verify } = require('crypto');
const Pay = require('wechatpay-node-v3');
const { Formatter, Rsa } = require('wechatpay-axios-plugin');
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
const pay = new Pay({ appid: 'wx1', mchid: '1900000109', publicKey: Buffer.from('unused'), serial_no: '01', privateKey: Buffer.from(pem) });

const [time, nonce] = ['1554208460', '593BEC0C930BF1AFEB40B4A08C8FB242'];
const isRight = (method, path, signature) =>
	verify('RSA-SHA256', Buffer.from(`${method}\n${path}\n${time}\n${nonce}\n\n`), publicKey, Buffer.from(signature, 'base64'));
const lists = [];
for (const [method, path] of [
	['GET', '/v3/certificates'],
	['POST', '/v3/fund-app/mch-transfer/transfer-bills/out-bill-no/plfk2020042013/cancel'],
	['DELETE', '/v3/merchant-service/complaint-notifications'],
]) {
	const one = isRight(method, path, pay.getSignature(method, nonce, time, path));
	const other = isRight(method, path, Rsa.sign(Formatter.request(method, path, time, nonce), pem));
	lists.push(`${method}: node-v3 ${one ? 'right' : 'wrong'}, axios-plugin ${other ? 'right' : 'wrong'}`);
}
console.log(lists.join('\n'));
const expected = [
	'GET: node-v3 right, axios-plugin right',
	'POST: node-v3 wrong, axios-plugin right',
	'DELETE: node-v3 wrong, axios-plugin right',
];
const same = lists.join() === expected.join();
console.log(same ? 'as expected of these versions' : 'changed');
process.exit(same ? 0 : 1);
END
node run.cjs

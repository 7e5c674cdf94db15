#!/usr/bin/env bash
# node-easywechat answers a message that nobody has signed, in plaintext mode and with an EncodingAESKey.
#
# Expected before it was run: serve() refuses a push whose `signature` is wrong, for WeChat signs each with the Token and asks
# to check that (验证消息的确来自微信服务器), and with an EncodingAESKey it refuses what is not encrypted.
# Seen: it looks at no signature but that of an encrypted push, and whether a push is encrypted the push itself says. A message of
# WeChat in the form of plaintext mode reaches the handler whatever `signature` is, and gets its answer.
#
# Needs Node.js 20 or 24 and the npm registry, takes ten seconds. Exits with 1 when it behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true, "overrides": { "node-socialite": "1.4.1" } }' > package.json
npm install --silent --ignore-scripts --no-audit --no-fund node-easywechat@3.6.2
cat > run.cjs << 'END'
const { createHash } = require('crypto');
const { OfficialAccount, ServerRequest } = require('node-easywechat');
const token = 'weixin';
const body = Buffer.from(
	'<xml><ToUserName>gh_123456789abc</ToUserName><FromUserName>fromUser</FromUserName><CreateTime>1348831860</CreateTime>' +
		'<MsgType>text</MsgType><Content>hello</Content><MsgId>1234567890123456</MsgId></xml>',
);
const signature = createHash('sha1').update([token, '1348831860', '1320562132'].sort().join('')).digest('hex');

async function serve(signed, config) {
	const app = new OfficialAccount({ app_id: 'wx1234567890123456', secret: 's', token, ...config });
	const query = `signature=${signed}&timestamp=1348831860&nonce=1320562132`;
	app.setRequest(new ServerRequest('POST', `/?${query}`, { 'content-type': 'text/xml' }, body));
	const server = app.getServer();
	let heard = 'nothing';
	server.addMessageListener('text', (message) => (heard = message.Content));
	const answer = await server.serve().then((response) => response.getStatusCode(), (error) => error.message);
	return `handler got ${heard}, answer ${answer}`;
}

(async () => {
	const key = { aes_key: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
	const lines = [
		`plaintext mode, right signature: ${await serve(signature)}`,
		`plaintext mode, signature "none": ${await serve('none')}`,
		`EncodingAESKey set, signature "none": ${await serve('none', key)}`,
	];
	console.log(lines.join('\n'));
	const same = lines.every((line) => line.endsWith(': handler got hello, answer 200'));
	console.log(same ? 'as expected of this version' : 'changed');
	process.exit(same ? 0 : 1);
})();
END
node run.cjs

#!/usr/bin/env bash
# @tencent-weixin/openclaw-weixin: an answer to sendmessage that has only `errcode` counts as sent.
#
# Expected before it was run: whatever says that WeChat refused a message is an error, as in its loop of getupdates, which looks
# at `ret` and at `errcode`.
# Seen: sendMessage() looks at `ret` alone, and sendTyping(), getConfig() and getUploadUrl() at neither of them. A session that
# is dead (errcode -14) looks like a message that was sent.
#
# Needs Node.js 20 or 24 and the npm registry, takes ten seconds. Exits with 1 when it behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
npm install --silent --ignore-scripts --legacy-peer-deps --no-audit --no-fund @tencent-weixin/openclaw-weixin@2.4.9
# Its host program has 700 packages; these two functions are all that is used of it here.
mkdir -p node_modules/openclaw/plugin-sdk
echo '{ "name": "openclaw", "type": "module", "exports": { "./plugin-sdk/*": "./plugin-sdk/*.js" } }' > node_modules/openclaw/package.json
echo 'export const resolvePreferredOpenClawTmpDir = () => process.cwd(); export const withFileLock = (_, __, work) => work();' > node_modules/openclaw/plugin-sdk/infra-runtime.js
echo 'export const normalizeAccountId = (id) => id;' > node_modules/openclaw/plugin-sdk/account-id.js
cat > run.mjs << 'END'
const api = await import('./node_modules/@tencent-weixin/openclaw-weixin/dist/src/api/api.js');
const seen = [];
const options = { baseUrl: 'https://ilinkai.weixin.qq.com', token: 't' };
const calls = {
	sendMessage: () => api.sendMessage({ ...options, body: { msg: {} } }),
	sendTyping: () => api.sendTyping({ ...options, body: {} }),
	getConfig: () => api.getConfig({ ...options, ilinkUserId: 'u' }),
	getUploadUrl: () => api.getUploadUrl({ ...options }),
};
for (const answer of [{ ret: -2 }, { errcode: -14 }]) {
	globalThis.fetch = async () => new Response(JSON.stringify(answer));
	for (const [name, call] of Object.entries(calls))
		seen.push(`${name} ${JSON.stringify(answer)}: ${await call().then(() => 'no error', () => 'error')}`);
}
console.log(seen.join('\n'));
const expected = [
	'sendMessage {"ret":-2}: error',
	'sendTyping {"ret":-2}: no error',
	'getConfig {"ret":-2}: no error',
	'getUploadUrl {"ret":-2}: no error',
	'sendMessage {"errcode":-14}: no error',
	'sendTyping {"errcode":-14}: no error',
	'getConfig {"errcode":-14}: no error',
	'getUploadUrl {"errcode":-14}: no error',
];
const same = seen.join() === expected.join();
console.log(same ? 'as expected of this version' : 'changed');
process.exit(same ? 0 : 1);
END
OPENCLAW_STATE_DIR="$folder" node run.mjs

#!/usr/bin/env bash
# n8n's HTTP Request node sends a request with a predefined credential twice when it fails for any reason, if the type of
# the credential has an expirable property and a preAuthentication that returns it.
#
# Expected before it was run: n8n runs preAuthentication again after HTTP 401 only, which says that the credential has
# expired.
# Seen: helpers.requestWithAuthentication, which HTTP Request uses, does so after HTTP 500, and after a connection that
# broke when the request had arrived. A POST is carried out twice. helpers.httpRequestWithAuthentication does it after HTTP
# 401 only. When preAuthentication returns nothing, each request is sent once.
#
# Needs Node.js 20 and the npm registry; takes a minute or two. Exits with 1 when n8n-core behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 600 npm install --silent --no-audit --no-fund --ignore-scripts \
	n8n-core@2.8.1 n8n-workflow@2.8.0 reflect-metadata@0.2.2
export N8N_USER_FOLDER="$folder"

cat > look.js <<'SCRIPT'
require('reflect-metadata');
const { createServer } = require('node:http');
const { once } = require('node:events');
const { getRequestHelperFunctions } = require('n8n-core/dist/execution-engine/node-execution-context/utils/request-helper-functions');

/** Stands for the credentials of a server: as n8n 2.8.4, it hands on what preAuthentication returned, and saves it. */
const createHelper = (returned) => ({
	getParentTypes: () => [],
	authenticate: async (_, __, request) => request,
	preAuthentication: async (_, __, ___, ____, isExpired) => (isExpired ? returned : undefined),
});
const node = { id: 'a', name: 'A', type: 'a', typeVersion: 1, position: [0, 0], parameters: {}, credentials: {} };

(async () => {
	let received = 0;
	const server = createServer((request, response) => {
		request.resume().on('end', () => {
			received++;
			if (request.url === '/broken') return request.socket.destroy();
			response.writeHead(Number(request.url.slice(1))).end('{}');
		});
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const origin = `http://127.0.0.1:${server.address().port}`;

	async function count(helper, path, returned) {
		received = 0;
		const additionalData = { credentialsHelper: createHelper(returned) };
		const helpers = getRequestHelperFunctions({ id: 'w' }, node, additionalData);
		const context = { helpers, getNode: () => node, getCredentials: async () => ({}), logger: console };
		const url = origin + path;
		await helpers[helper].call(context, 'example', { method: 'POST', url, body: { pay: 1 } }).catch(() => {});
		return received;
	}

	const saved = { expires: 'now' };
	const expected = [
		['requestWithAuthentication', '/500', saved, 2],
		['requestWithAuthentication', '/broken', saved, 2],
		['requestWithAuthentication', '/401', saved, 2],
		['requestWithAuthentication', '/500', undefined, 1],
		['httpRequestWithAuthentication', '/500', saved, 1],
		['httpRequestWithAuthentication', '/401', saved, 2],
	];
	console.log(`n8n-core ${require('n8n-core/package.json').version}, Node.js ${process.version}`);
	let isSame = true;
	for (const [helper, path, returned, times] of expected) {
		const seen = await count(helper, path, returned);
		console.log(`${helper} ${path}, preAuthentication returns ${JSON.stringify(returned)}: received ${seen}`);
		isSame &&= seen === times;
	}
	server.close();
	console.log(isSame ? 'as expected of n8n-core 2.8.1' : 'CHANGED');
	process.exit(isSame ? 0 : 1);
})();
SCRIPT
node look.js

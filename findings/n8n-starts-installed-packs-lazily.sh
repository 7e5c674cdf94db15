#!/usr/bin/env bash
# n8n starts an installed community pack without loading its nodes, if the pack brings the JSON that n8n's own nodes have.
#
# Expected before it was run: only n8n's own nodes wait for their first use; of an installed pack all are loaded at the start.
# Seen: scanDirectoryForPackages, by which n8n finds installed packs, takes the loader of n8n's own nodes. A pack as most are
# published has nothing for it, so its code runs at each start. After n8n-generate-metadata, which comes with n8n-core, the
# same pack is known to n8n by its JSON, and its code runs when a workflow has the node.
#
# Needs Node.js 20 or 24 and the npm registry; takes a minute or two. Exits with 1 when n8n-core behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 600 npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps \
	n8n-core@2.41.1 n8n-workflow@2.41.0 reflect-metadata@0.2.2 n8n-nodes-datastore@0.1.18

cat > look.js <<'SCRIPT'
require('reflect-metadata');
const { scanDirectoryForPackages } = require('n8n-core');
const packs = require('node:path').join(process.cwd(), 'node_modules');

(async () => {
	const [loader] = await scanDirectoryForPackages(packs);
	await loader.loadAll();
	const isRun = () => Object.keys(require.cache).some((file) => file.endsWith('Datastore.node.js'));
	const known = Object.keys(loader.known.nodes);
	const atStart = isRun();
	loader.getNode(known[0]);
	console.log(`${known.join(', ')}: code ran at the start: ${atStart}; once asked for: ${isRun()}`);
	process.exit(0);
})();
SCRIPT
node -p '`n8n-core ${require("n8n-core/package.json").version}, Node.js ${process.version}`'
published=$(node look.js)
(cd node_modules/n8n-nodes-datastore && NODE_PATH="$folder/node_modules" ../.bin/n8n-generate-metadata)
described=$(node look.js)
echo "as published: $published"
echo "with the JSON: $described"
if [[ "$published" == 'datastore: code ran at the start: true; once asked for: true' ]] &&
	[[ "$described" == 'datastore: code ran at the start: false; once asked for: true' ]]; then
	echo 'as expected of this version'
else
	echo CHANGED
	exit 1
fi

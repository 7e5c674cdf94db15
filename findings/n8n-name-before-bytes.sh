#!/usr/bin/env bash
# n8n's prepareBinaryData decides by the end of a file's name what the file is, and looks at the bytes only when the
# name has none.
#
# Expected before it was run: without a MIME type, n8n looks at the bytes.
# Seen: a valid WebP called photo.jpg becomes image/jpeg; called photo, it becomes image/webp, and its name stays without
# an ending. So nodes that hand out files have to look at the bytes themselves.
#
# Needs Node.js 20 and the npm registry; takes a minute or two. Exits with 1 when n8n-core behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 600 npm install --silent --no-audit --no-fund --ignore-scripts \
	n8n-core@2.8.1 n8n-workflow@2.8.0 reflect-metadata@0.2.2

cat > look.js <<'SCRIPT'
require('reflect-metadata');
const { Container } = require('@n8n/di');
const { BinaryDataService } = require('n8n-core');
const helpers = require('n8n-core/dist/execution-engine/node-execution-context/utils/binary-helper-functions');

// Stands for the store of files: hands back what n8n has written about the file.
Container.set(BinaryDataService, { store: async (_, __, data) => data });

// One grey pixel, written by cwebp 1.2.4.
const webp = Buffer.from('UklGRiYAAABXRUJQVlA4IBoAAABQAQCdASoBAAEAAAAAJaQABHQAAP7ndQAAAA==', 'base64');

(async () => {
	console.log(`n8n-core ${require('n8n-core/package.json').version}, Node.js ${process.version}`);
	const seen = {};
	for (const name of ['photo.jpg', 'photo', undefined]) {
		const data = await helpers.prepareBinaryData(webp, 'execution', 'workflow', name);
		seen[String(name)] = [data.mimeType, data.fileExtension, data.fileName].join(' ').trim();
		console.log(`${name}: ${seen[String(name)]}`);
	}
	const asSeen =
		seen['photo.jpg'] === 'image/jpeg jpg photo.jpg' &&
		seen.photo === 'image/webp webp photo' &&
		seen.undefined === 'image/webp webp';
	console.log(asSeen ? 'as expected of this version' : 'CHANGED');
	process.exit(asSeen ? 0 : 1);
})();
SCRIPT
node look.js

#!/usr/bin/env bash
# @breezystack/lamejs, the fork of lamejs that is kept: require() gives an object without anything in it.
#
# Expected before it was run: its package.json has a file for require(), so that require() gives Mp3Encoder as import does.
# Seen: require() gives {} and no error, on Node.js 20 and 24. The file for require() is a script that sets a variable, in a package of ES
# modules: as a module it exports nothing. import gives Mp3Encoder, and it works.
#
# Needs Node.js 20.19 or newer, and the npm registry; takes five seconds. Exits with 1 when the package behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 300 npm install --silent --no-audit --no-fund --ignore-scripts @breezystack/lamejs@1.2.7

cat > look.cjs <<'SCRIPT'
const required = Object.keys(require('@breezystack/lamejs'));
(async () => {
	const { Mp3Encoder } = await import('@breezystack/lamejs');
	const encoder = new Mp3Encoder(1, 16000, 32);
	const bytes = encoder.encodeBuffer(new Int16Array(16000)).length + encoder.flush().length;
	console.log(`Node.js ${process.version}: require() has ${JSON.stringify(required)}; import writes ${bytes} bytes of MP3`);
	process.exitCode = required.length === 0 && bytes > 0 ? 0 : 1;
})();
SCRIPT
node look.cjs

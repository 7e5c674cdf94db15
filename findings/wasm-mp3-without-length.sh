#!/usr/bin/env bash
# wasm-media-encoders (LAME) without a bit rate: an MP3 of changing bit rates, and nothing in it that tells its length.
#
# Expected before it was run: without an option the encoder writes a constant bit rate, 64 kbit/s for speech, or, where it changes
# it, the Xing frame by which players know the length of such a file, as the lame program does.
# Seen: frames of many bit rates, and no Xing or Info frame. Who tells the length by the size and the first frame is far off: 16 seconds of silence
# and tone come out as more than twice, or less than half of it. With `bitrate` all frames are alike.
#
# Needs Node.js 20 or newer, and the npm registry; takes ten seconds. Exits with 1 when the package behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 300 npm install --silent --no-audit --no-fund --ignore-scripts wasm-media-encoders@0.7.0

cat > look.cjs <<'SCRIPT'
const { createMp3Encoder } = require('wasm-media-encoders');
const RATE = 16000, SECONDS = 16;
// Four seconds of silence and four of a loud mixture, twice.
const sound = Float32Array.from({ length: RATE * SECONDS }, (_, n) =>
	Math.floor(n / RATE / 4) % 2 ? 0.2 * (Math.sin(n * 0.17) + Math.sin(n * n * 1e-5) + Math.sin(n * 1.3)) : 0);
const KBIT = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

async function look(options) {
	const encoder = await createMp3Encoder();
	encoder.configure({ sampleRate: RATE, channels: 1, ...options });
	const file = Buffer.concat([Buffer.from(encoder.encode([sound])), Buffer.from(encoder.finalize())]);
	const rates = [];
	// MPEG-2 layer III at 16 kHz: 576 samples a frame.
	for (let at = 0; at + 4 <= file.length; ) {
		if (file[at] !== 0xff || file[at + 1] >> 1 !== 0x79 || (file[at + 2] & 0x0c) !== 0x08) throw new Error(`no frame at ${at}`);
		rates.push(KBIT[file[at + 2] >> 4]);
		at += 72 * rates.at(-1) * 1000 / RATE + ((file[at + 2] >> 1) & 1);
	}
	const told = file.length * 8 / (rates[0] * 1000);
	const kinds = [...new Set(rates)].sort((a, b) => a - b);
	const isTagged = /Xing|Info/.test(file.toString('latin1', 0, 200));
	console.log(JSON.stringify(options), `frames of ${kinds} kbit/s, Xing or Info: ${isTagged}, ${rates.length * 576 / RATE} s by frames, ${told.toFixed(1)} s by size and first frame`);
	return { kinds, isTagged, told };
}
(async () => {
	const free = await look({});
	const constant = await look({ bitrate: 32 });
	const isFarOff = free.told > 2 * SECONDS || free.told < SECONDS / 2;
	const isAsSeen = free.kinds.length > 1 && !free.isTagged && isFarOff && constant.kinds.length === 1 && Math.abs(constant.told - SECONDS) < 0.5;
	process.exitCode = isAsSeen ? 0 : 1;
})();
SCRIPT
node look.cjs

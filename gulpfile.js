const { parallel, dest, src } = require('gulp');
const { Transform } = require('node:stream');
const { gzipSync } = require('node:zlib');

/** Puts icons and codex files beside the compiled nodes. gulp 5 damages images unless encoding is off. */
function icons() {
	return src(['nodes/**/*.{svg,png}', 'nodes/*/*.node.json', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

/** Fields of calls.json that no run reads: simulator, tests and documentation do. */
const TESTED_ONLY = ['answer', 'model_body', 'sdk_code', 'since', 'source'];

/** Keeps a call on a line, as knownCalls.ts reads them. */
function strip(lines) {
	const calls = JSON.parse(lines);
	if (!Array.isArray(calls)) return lines;
	for (const call of calls) for (const name of TESTED_ONLY) delete call[name];
	return `[\n${calls.map((call) => JSON.stringify(call)).join(',\n')}\n]\n`;
}

/** Puts the known calls beside the compiled nodes, compressed: nothing but a run of one of them reads them. */
function calls() {
	return src('nodes/callCatalog/*.json', { base: '.' })
		.pipe(
			new Transform({
				objectMode: true,
				transform(file, _, done) {
					file.contents = gzipSync(strip(String(file.contents)), { level: 9 });
					file.extname += '.gz';
					done(null, file);
				},
			}),
		)
		.pipe(dest('dist'));
}

exports.assets = parallel(icons, calls);

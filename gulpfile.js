const { parallel, dest, src } = require('gulp');
const { Transform } = require('node:stream');
const { brotliCompressSync } = require('node:zlib');

/** Puts icons and codex files beside the compiled nodes. gulp 5 damages images unless encoding is off. */
function icons() {
	return src(['nodes/**/*.{svg,png}', 'nodes/*/*.node.json', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

/** Fields of known calls that no run reads: simulator, tests and documentation do. */
const TESTED_ONLY = ['answer', 'model_body', 'sdk_code', 'since', 'source'];

const strip = (call) =>
	Object.fromEntries(Object.entries(call).filter(([name]) => !TESTED_ONLY.includes(name)));

/** Puts the known calls beside the compiled nodes, in the form that knownCalls.ts unpacks. */
function calls() {
	const compress = new Transform({
		objectMode: true,
		transform(file, _, done) {
			const data = JSON.parse(file.contents);
			const text = JSON.stringify(Array.isArray(data) ? data.map(strip) : data);
			const brotli = brotliCompressSync(text).toString('base64');
			file.contents = Buffer.from(JSON.stringify({ brotli }));
			done(null, file);
		},
	});
	return src('nodes/callCatalog/*.json', { base: '.' }).pipe(compress).pipe(dest('dist'));
}

exports.assets = parallel(icons, calls);

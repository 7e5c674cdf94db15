const { dest, src } = require('gulp');

/** Puts icons and codex files beside the compiled nodes. gulp 5 damages images unless encoding is off. */
function icons() {
	return src(['nodes/**/*.{svg,png}', 'nodes/*/*.node.json', 'credentials/**/*.{svg,png}'], {
		base: '.',
		encoding: false,
	}).pipe(dest('dist'));
}

exports.icons = icons;

const { ModuleKind, transpileModule } = require('typescript');

/** For Jest: a module of ES that asks for its own address, which Jest 29 does not know. */
module.exports = {
	process: (source) => {
		const code = source.replace(
			'import.meta.url',
			"require('node:url').pathToFileURL(__filename).href",
		);
		const compilerOptions = { allowJs: true, module: ModuleKind.CommonJS, target: 'ES2022' };
		return { code: transpileModule(code, { compilerOptions }).outputText };
	},
};

const { availableParallelism } = require('node:os');

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// Ends what hangs; on a busy machine nothing else may run into it.
	testTimeout: 30_000,
	// By itself Jest leaves one processor idle, which is half of a small machine.
	maxWorkers: Math.max(2, availableParallelism() - 1),
	workerIdleMemoryLimit: '1500MB',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/coverage/'],
	transform: {
		'amr\\.wasm\\.js$': '<rootDir>/test/support/importMeta.cjs',
		'^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }],
		'^.+\\.js$': [
			'ts-jest',
			{ tsconfig: { allowJs: true, module: 'CommonJS', isolatedModules: true } },
		],
	},
	// Packages of ES modules only: Node.js requires them, Jest 29 does not.
	transformIgnorePatterns: [
		'/node_modules/(?!(@audio/decode-amr|boolbase|css-select|css-what|dom-serializer|domelementtype|domhandler|domutils|entities|get-east-asian-width|markdown-it-cjk-friendly|nth-check|parse5|parse5-htmlparser2-tree-adapter)/)',
	],
	setupFiles: ['<rootDir>/test/support/env.ts', 'reflect-metadata'],
};

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	// Ends what hangs; on a busy machine nothing else may run into it.
	testTimeout: 30_000,
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/coverage/'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
	setupFiles: ['<rootDir>/test/support/env.ts', 'reflect-metadata'],
};

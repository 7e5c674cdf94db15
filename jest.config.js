/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	testMatch: ['<rootDir>/test/**/*.test.ts'],
	testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/'],
	modulePathIgnorePatterns: ['<rootDir>/dist/'],
	// tsx takes a bare .node for a binary; TypeScript means the same file by both.
	moduleNameMapper: { '^(\\.\\./\\.\\./nodes/.+\\.node)\\.js$': '$1' },
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json' }] },
	setupFiles: ['<rootDir>/test/support/env.ts', 'reflect-metadata'],
};

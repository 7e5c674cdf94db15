/** For `jest --testSequencer`: runs the tests in the order in which they are named. */
module.exports = class KeepOrder {
	sort(tests) {
		return tests;
	}
	shard(tests) {
		return tests;
	}
	cacheResults() {}
};

import { createRecordStore } from '../../nodes/api/state';

/** A store in which nothing is, and nothing stays. */
export const emptyStore = createRecordStore({
	read: async () => ({ of: '' }),
	save: async () => {},
});

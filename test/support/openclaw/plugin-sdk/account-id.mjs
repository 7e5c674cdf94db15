/** The name of an account as a name of files. */
export const normalizeAccountId = (id) => id.toLowerCase().replace(/[^a-z\d_-]/g, '-');

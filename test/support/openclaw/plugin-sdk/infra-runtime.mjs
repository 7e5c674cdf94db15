/** Where logs go. */
export const resolvePreferredOpenClawTmpDir = () => process.env.OPENCLAW_STATE_DIR;
export const withFileLock = async (_path, _options, work) => await work();

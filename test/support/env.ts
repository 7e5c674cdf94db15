import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core writes its settings on import: not into the home folder, and into one place per Jest worker.
const worker = process.env.JEST_WORKER_ID ?? '0';
process.env.N8N_USER_FOLDER = join(tmpdir(), 'n8n-nodes-wechat-platform-tests', worker);
process.env.N8N_ENCRYPTION_KEY = 'a-key-for-tests-only-0123456789ab';
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS = 'false';

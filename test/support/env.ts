import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// n8n-core writes its settings file on import; keep that out of the home folder.
process.env.N8N_USER_FOLDER = mkdtempSync(join(tmpdir(), 'n8n-core-'));
process.env.N8N_ENCRYPTION_KEY = 'a-key-for-tests-only-0123456789ab';
process.env.N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS = 'false';

import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import type { N8n } from './install';
import { LOOPBACK } from '../services/ports';

/**
 * The environment of a test n8n. Little of ours goes in: settings of another n8n (N8N_*, DB_*) would
 * lead it to that one's database, and proxy settings would take loopback calls elsewhere.
 */
export function createN8nVariables(
	n8n: N8n,
	userFolder: string,
	port: number,
	brokerPort: number,
): Record<string, string> {
	const kept = ['HOME', 'LANG', 'TMPDIR', 'USER'].flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value] as const];
	});
	return {
		...Object.fromEntries(kept),
		// n8n starts its task runner as plain `node`: let that be the same one.
		PATH: `${dirname(n8n.node)}${delimiter}${process.env.PATH ?? ''}`,
		N8N_USER_FOLDER: userFolder,
		N8N_ENCRYPTION_KEY: 'a-key-for-tests-only-0123456789ab',

		N8N_HOST: LOOPBACK,
		N8N_LISTEN_ADDRESS: LOOPBACK,
		N8N_PORT: String(port),
		N8N_PROTOCOL: 'http',
		WEBHOOK_URL: `http://${LOOPBACK}:${port}/`,
		// A worker listens here, if at all.
		N8N_WORKER_SERVER_ADDRESS: LOOPBACK,
		QUEUE_HEALTH_CHECK_PORT: String(port),
		// The usual one, 5679, is taken as soon as a second n8n runs.
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		// The editor is opened over plain http.
		N8N_SECURE_COOKIE: 'false',

		// Nothing leaves this computer, and no dialog gets in the way of the first page.
		EXTERNAL_FRONTEND_HOOKS_URLS: '',
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
		N8N_ONBOARDING_FLOW_DISABLED: 'true',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		...withoutMcpRegistry(n8n),

		// As the README advises: the default engine of n8n 2.41 takes seconds of CPU for many pushes at a time, and WeChat
		// waits for five. The scenario "settings" runs on the default.
		N8N_EXPRESSION_ENGINE: 'legacy',

		N8N_GRACEFUL_SHUTDOWN_TIMEOUT: '10',
		N8N_LOG_LEVEL: 'info',
		N8N_LOG_OUTPUT: 'console',
		NO_COLOR: '1',
		GENERIC_TIMEZONE: 'UTC',
		TZ: 'UTC',
	};
}

/** It asks api.n8n.io for a list at every start. Older versions refuse the names of modules they lack. */
function withoutMcpRegistry({ dir }: N8n): Record<string, string> {
	const module = join(dir, 'node_modules', 'n8n', 'dist', 'modules', 'mcp-registry');
	return existsSync(module) ? { N8N_DISABLED_MODULES: 'mcp-registry' } : {};
}

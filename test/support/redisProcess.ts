import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import type { Store } from '../../nodes/api/state';
import { systemClock, type Clock } from '../../nodes/base/clock';
import { createSharedServices, openState, type SharedServices } from '../../nodes/n8n/sharedState';
import { createStateWriter } from '../../nodes/n8n/stateStore';
import type { RedisSpace } from '../../nodes/redis/redisSpace';
import { editorContext, type Credentials } from './n8n';

/** A process of n8n that knows nothing yet; what it knows of Redis is its own. */
export interface RedisProcess {
	services: SharedServices;
	/** Opens the state as a run does: with the credential as it is now. */
	open(): Promise<Store>;
	openSpace(): Promise<RedisSpace>;
}

const running: SharedServices[] = [];

/** Closes what `startProcess` opened: for afterEach. */
export function endProcesses(): void {
	for (const { connections } of running.splice(0)) connections.close();
}

export function startProcess(
	credentials: Credentials,
	clock: Clock = systemClock,
	name = 'wechat',
): RedisProcess {
	const services = createSharedServices(clock);
	const writer = createStateWriter(clock);
	running.push(services);
	const [type] = Object.keys(credentials.references);
	async function openHolder() {
		const authentication = type === 'wechatOpenPlatformApi' ? 'openPlatform' : 'officialAccount';
		const context = editorContext(name, { authentication }, credentials);
		const credential = await context.getCredentials<ICredentialDataDecryptedObject>(type);
		return openState(context, type, credential, services, writer);
	}
	return {
		services,
		open: async () => (await openHolder()).store,
		async openSpace() {
			const { openSpace } = await openHolder();
			if (!openSpace) throw new Error('The credential does not choose Redis');
			return await openSpace();
		},
	};
}

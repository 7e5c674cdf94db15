import type {
	ILoadOptionsFunctions,
	INodeProperties,
	INodePropertyOptions,
	IWebhookFunctions,
} from 'n8n-workflow';
import type { Arrivals, Services } from '../api/services';
import { escapeMarkup } from '../base/html';
import { findAddressProblem } from '../api/publicAddress';

/** How many different reasons are kept for a credential: it is the newest one that somebody looks for. */
const MAX_REFUSED = 5;
/** What fits on a line of the panel, in characters. */
const MAX_NAME = 60;

type Arriving = Pick<Services, 'arrivals' | 'clock'>;

/** The credential of a type that a node has; empty when n8n has not saved it. */
const readId = (context: IWebhookFunctions | ILoadOptionsFunctions, type: string): string =>
	context.getNode().credentials?.[type]?.id ?? '';

const readArrivals = ({ arrivals }: Arriving, id: string): Arrivals =>
	arrivals.get(id) ?? { refused: [] };

/** Remembers that something came from WeChat, and was what the credential of that type opens. */
export function rememberAccepted(context: IWebhookFunctions, type: string, api: Arriving): void {
	const id = readId(context, type);
	const known = api.arrivals.get(id);
	if (known) known.acceptedAt = api.clock.now();
	else if (id) api.arrivals.set(id, { acceptedAt: api.clock.now(), refused: [] });
}

/** Remembers why something was refused, for the panel of the trigger. Anybody can send as much as they like of it. */
export function rememberRefused(
	context: IWebhookFunctions,
	type: string,
	reason: string,
	api: Arriving,
): void {
	const id = readId(context, type);
	if (!id) return;
	const known = readArrivals(api, id);
	const others = known.refused.filter((one) => one.reason !== reason);
	const refused = [{ at: api.clock.now(), reason }, ...others].slice(0, MAX_REFUSED);
	api.arrivals.set(id, { ...known, refused });
}

/** Says what was refused last, unless something was accepted since; undefined when there is nothing to say. */
export function describeLastRefusal(api: Arriving, id: string): string | undefined {
	const { acceptedAt = 0, refused } = readArrivals(api, id);
	const [last] = refused;
	if (!last || last.at < acceptedAt) return undefined;
	return describeRefusal(api, last);
}

const describeRefusal = (api: Arriving, { at, reason }: Arrivals['refused'][number]) =>
	`Refused ${toAge(api, at)} (已拒绝): ${reason}`;

function toAge({ clock }: Arriving, at: number): string {
	const minutes = Math.floor((clock.now() - at) / 60_000);
	if (minutes < 1) return 'just now';
	if (minutes < 60) return `${minutes} min ago`;
	return minutes < 2880
		? `${Math.floor(minutes / 60)} h ago`
		: `${Math.floor(minutes / 1440)} days ago`;
}

/** The line that is shown while the list is closed. */
const LATEST = 'latest';

/** What the panel of a trigger shows of the way from WeChat to it: nothing is chosen in it. */
export const connectionStatus: INodeProperties = {
	// eslint-disable-next-line n8n-nodes-base/node-param-display-name-wrong-for-dynamic-options -- nothing is chosen
	displayName: 'Connection Status (连接状态)',
	name: 'connectionStatus',
	type: 'options',
	noDataExpression: true,
	typeOptions: { loadOptionsMethod: 'getConnectionStatus' },
	default: LATEST,
	// eslint-disable-next-line n8n-nodes-base/node-param-description-wrong-for-dynamic-options -- nothing is chosen
	description:
		'What this process of n8n has met since it started, with this credential: open the list for more. Choose Refresh List (⋮) to look again. Whatever you choose counts for nothing.',
};

/**
 * Creates the method that fills it: the last push that was right, those that were refused and why, and whether n8n's own
 * address is one that WeChat reaches.
 *
 * @param findType the type of credential that the node has now
 */
export const createConnectionStatus = (
	findType: (context: ILoadOptionsFunctions) => string,
	api: Arriving,
) =>
	async function (this: ILoadOptionsFunctions): Promise<INodePropertyOptions[]> {
		const { acceptedAt, refused } = readArrivals(api, readId(this, findType(this)));
		const lines = [
			...refused.map((one) => ({ at: one.at, line: describeRefusal(api, one) })),
			...(acceptedAt
				? [{ at: acceptedAt, line: `Accepted ${toAge(api, acceptedAt)} (已接收)` }]
				: []),
		]
			.sort((one, other) => other.at - one.at)
			.map(({ line }) => line);
		const address = this.getInstanceBaseUrl().replace(/\/$/, '');
		const problem = findAddressProblem(address);
		const advice = `Address (地址): ${problem}. n8n takes ${address} for its own. If the production URL above begins like this, give n8n a public https address, and start it with that as WEBHOOK_URL (需要公网 https 地址).`;
		const quiet = 'Nothing has come from WeChat yet (还没有收到推送)';
		return [
			...(problem && !acceptedAt ? [advice] : []),
			...(lines.length > 0 ? lines : [quiet]),
			...(problem && acceptedAt ? [advice] : []),
		].map((line, index) => ({
			name: line.length > MAX_NAME ? `${line.slice(0, MAX_NAME)}…` : line,
			value: index === 0 ? LATEST : String(index),
			// n8n shows it as HTML, and strangers have a part in it.
			...(line.length > MAX_NAME && { description: escapeMarkup(line) }),
		}));
	};

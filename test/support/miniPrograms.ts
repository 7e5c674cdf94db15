import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { CATEGORY } from '../simulator/accounts/miniPrograms';
import { runNode, type Credentials } from './n8n';

export {
	CATEGORY,
	MINI_PROGRAMS,
	SECOND_MINI,
	THIRD_MINI,
} from '../simulator/accounts/miniPrograms';

/** What Submit and Deploy take for their pages. */
export const pages = (more: IDataObject = {}) => ({
	items: {
		item: [
			{ category: CATEGORY, address: 'pages/index/index', title: 'Home', tag: 'shop', ...more },
		],
	},
});

export const at = ({ appId }: { appId: string }) => ({
	account: { __rl: true, mode: 'id', value: appId },
});

/** Runs an operation of the node, and throws its error with what it advises. */
export const runnerFor =
	(credentials: () => Credentials) =>
	async (
		resource: string,
		operation: string,
		params: INodeParameters = {},
		items: IDataObject[] = [{}],
	) => {
		const { output, error } = await runNode(
			'wechatOpenPlatform',
			{ resource, operation, ...params },
			credentials(),
			items.map((json) => ({ json })),
		);
		if (error) throw new Error(`${error.message} | ${error.description}`);
		return output.map(({ json }) => json);
	};

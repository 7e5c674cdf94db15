import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { MINI_PROGRAM_ACCOUNT } from '../simulator';
import { runNode, type Credentials } from './n8n';

/** Mini programs beside that of the simulator's own. */
export const SECOND_MINI = {
	...MINI_PROGRAM_ACCOUNT,
	appId: 'wx95ebc4071d8f6a3c',
	name: 'gh_8d4e5f607182',
	nickName: '第二个小程序',
};
export const THIRD_MINI = {
	...MINI_PROGRAM_ACCOUNT,
	appId: 'wxa6fcd5182e907b4d',
	name: 'gh_9e5f60718293',
	nickName: '第三个小程序',
};
export const MINI_PROGRAMS = [MINI_PROGRAM_ACCOUNT, SECOND_MINI, THIRD_MINI];

/** A category that the simulator's mini programs have, as the list of the editor hands it over. */
export const CATEGORY = JSON.stringify({
	first_class: '工具',
	second_class: '效率',
	first_id: 287,
	second_id: 616,
});

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

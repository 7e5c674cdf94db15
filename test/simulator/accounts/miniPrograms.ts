import { MINI_PROGRAM_ACCOUNT } from './defaults';

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

/** A category that they have, as the list of the editor hands it over. */
export const CATEGORY = JSON.stringify({
	first_class: '工具',
	second_class: '效率',
	first_id: 287,
	second_id: 616,
});

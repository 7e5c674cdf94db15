import type { Page } from '../../engine/define';

/** A title in WeChat's template library (公共模板库). */
export interface Title {
	tid: number;
	title: string;
	/** 2: for one message (一次性订阅); 3: for any number (长期订阅). */
	type: number;
	categoryId: string;
}

export const TITLES_PATH = '/wxaapi/newtmpl/getpubtemplatetitles';
export const TITLES: Page = { offset: { skip: 'start', count: 'limit', size: 30 }, items: 'data' };

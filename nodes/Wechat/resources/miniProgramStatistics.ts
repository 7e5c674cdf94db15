import { defineRequest, defineResource, type Field } from '../../engine/define';

/** Server-side documentation of mini programs (小程序服务端), outside /doc. */
const API = '../miniprogram/dev/server/API/data-analysis';

/** By what the figures of the performance can be narrowed down. */
const FILTERS = ['networktype', 'device_level', 'device'];

const performanceFields = [
	{
		displayName: 'Figures (指标)',
		name: 'module',
		type: 'options',
		options: [
			{ name: 'Memory Errors (内存异常)', value: '10023' },
			{ name: 'Memory Used (内存指标)', value: '10022' },
			{ name: 'Opening Rate (打开率)', value: '10016' },
			{ name: 'Page Changes (页面切换耗时)', value: '10021' },
			{ name: 'Start in Steps (启动各阶段耗时)', value: '10017' },
		],
		default: '10016',
		description: 'What to get',
	},
	{
		displayName: 'Begin (开始时间)',
		name: 'begin',
		type: 'dateTime',
		as: 'unixSeconds',
		wire: 'time.begin_timestamp',
		required: true,
		default: '',
		description: 'Since when, in Beijing time',
	},
	{
		displayName: 'End (结束时间)',
		name: 'end',
		type: 'dateTime',
		as: 'unixSeconds',
		wire: 'time.end_timestamp',
		required: true,
		default: '',
		description: 'Until when, in Beijing time',
	},
	{
		displayName: 'Network',
		name: 'networktype',
		type: 'options',
		options: [
			{ name: '3G', value: '3g' },
			{ name: '4G', value: '4g' },
			{ name: '5G', value: '5g' },
			{ name: 'All', value: '-1' },
			{ name: 'Wi-Fi', value: 'wifi' },
		],
		default: '-1',
		description: 'Of users in which networks',
	},
	{
		displayName: 'Phones',
		name: 'device_level',
		type: 'options',
		options: [
			{ name: 'All', value: '-1' },
			{ name: 'High End (高端机)', value: '1' },
			{ name: 'Low End (低端机)', value: '3' },
			{ name: 'Middle (中端机)', value: '2' },
		],
		default: '-1',
		description: 'Of users with which phones',
	},
	{
		displayName: 'System',
		name: 'device',
		type: 'options',
		options: [
			{ name: 'All', value: '-1' },
			{ name: 'Android', value: '1' },
			{ name: 'iOS', value: '2' },
		],
		default: '-1',
		description: 'Of users with which system',
	},
] as const satisfies readonly Field[];

/**
 * Answers are those of one day, week or month; how many of them a range takes stands in `dateSpans`.
 * @see https://developers.weixin.qq.com/miniprogram/dev/server/API/data-analysis/visit-trend/api_getweeklyvisittrend.html
 */
export const miniProgramStatistics = defineResource(
	'Mini Program Statistics (小程序数据分析)',
	'miniProgramStatistics',
	[
		defineRequest({
			name: 'Daily Summary',
			value: 'getDailySummary',
			action: 'Get daily summary of mini program',
			chinese: '数据概况',
			description:
				'Get how many users there were in all at the end of each day, and how often and by how many the mini program was shared on it',
			path: '/datacube/getweanalysisappiddailysummarytrend',
			effect: 'read',
			doc: `${API}/others/api_getdailysummary.html`,
			dateSpans: { whole: 'day' },
		}),
		defineRequest({
			name: 'Daily Visits',
			value: 'getDailyVisits',
			action: 'Get daily visits of mini program',
			chinese: '访问日趋势',
			description: 'Get visits, visitors and time of stay of each day',
			path: '/datacube/getweanalysisappiddailyvisittrend',
			effect: 'read',
			doc: `${API}/visit-trend/api_getdailyvisittrend.html`,
			dateSpans: { whole: 'day' },
		}),
		defineRequest({
			name: 'Weekly Visits',
			value: 'getWeeklyVisits',
			action: 'Get weekly visits of mini program',
			chinese: '访问周趋势',
			description:
				'Get visits, visitors and time of stay of each week that is over; ref_date is such as 20260105-20260111. A week is Monday to Sunday, and counts if the range touches it.',
			path: '/datacube/getweanalysisappidweeklyvisittrend',
			effect: 'read',
			doc: `${API}/visit-trend/api_getweeklyvisittrend.html`,
			dateSpans: { whole: 'week' },
		}),
		defineRequest({
			name: 'Monthly Visits',
			value: 'getMonthlyVisits',
			action: 'Get monthly visits of mini program',
			chinese: '访问月趋势',
			description:
				'Get visits, visitors and time of stay of each month that is over; ref_date is such as 202601. A month counts if the range touches it.',
			path: '/datacube/getweanalysisappidmonthlyvisittrend',
			effect: 'read',
			doc: `${API}/visit-trend/api_getmonthlyvisittrend.html`,
			dateSpans: { whole: 'month' },
		}),
		defineRequest({
			name: 'Visited Pages',
			value: 'getVisitedPages',
			action: 'Get visited pages of mini program',
			chinese: '访问页面',
			description:
				'Get the 200 pages that were opened most on each day, one item for each day with the pages in list',
			path: '/datacube/getweanalysisappidvisitpage',
			effect: 'read',
			doc: `${API}/others/api_getvisitpage.html`,
			dateSpans: { whole: 'day' },
		}),
		defineRequest({
			name: 'Visit Distribution',
			value: 'getVisitDistribution',
			action: 'Get visit distribution of mini program',
			chinese: '访问分布',
			description:
				'Get from where users came on each day, how long they stayed and how many pages they opened',
			path: '/datacube/getweanalysisappidvisitdistribution',
			effect: 'read',
			doc: `${API}/others/api_getvisitdistribution.html`,
			dateSpans: { whole: 'day' },
		}),
		defineRequest({
			name: 'Daily Retention',
			value: 'getDailyRetention',
			action: 'Get daily retention of mini program',
			chinese: '访问日留存',
			description:
				'Get how many users of each day came back on the days after it: visit_uv_new counts new users, visit_uv all, and key is the number of days',
			path: '/datacube/getweanalysisappiddailyretaininfo',
			effect: 'read',
			doc: `${API}/visit-retain/api_getdailyretain.html`,
			dateSpans: { whole: 'day' },
		}),
		defineRequest({
			name: 'Weekly Retention',
			value: 'getWeeklyRetention',
			action: 'Get weekly retention of mini program',
			chinese: '访问周留存',
			description:
				'Get how many users of each week that is over came back in the weeks after it. A week is Monday to Sunday, and counts if the range touches it.',
			path: '/datacube/getweanalysisappidweeklyretaininfo',
			effect: 'read',
			doc: `${API}/visit-retain/api_getweeklyretain.html`,
			dateSpans: { whole: 'week' },
		}),
		defineRequest({
			name: 'Monthly Retention',
			value: 'getMonthlyRetention',
			action: 'Get monthly retention of mini program',
			chinese: '访问月留存',
			description:
				'Get how many users of each month that is over came back in the month after it. A month counts if the range touches it.',
			path: '/datacube/getweanalysisappidmonthlyretaininfo',
			effect: 'read',
			doc: `${API}/visit-retain/api_getmonthlyretain.html`,
			dateSpans: { whole: 'month' },
		}),
		defineRequest({
			name: 'User Portrait',
			value: 'getUserPortrait',
			action: 'Get user portrait of mini program',
			chinese: '用户画像',
			description:
				'Get where users live, how old they are and which devices they have, of a range of 1, 7 or 30 days. Without dates it is yesterday.',
			path: '/datacube/getweanalysisappiduserportrait',
			effect: 'read',
			doc: `${API}/others/api_getuserportrait.html`,
			dateSpans: { lengths: [1, 7, 30] },
		}),
		defineRequest({
			name: 'Performance',
			value: 'getPerformance',
			action: 'Get performance of mini program',
			chinese: '性能数据',
			description:
				'Get how fast the mini program starts and what memory it takes, one item for each table of figures, with its values by day in lines',
			path: '/wxa/business/performance/boot',
			effect: 'read',
			doc: '../miniprogram/dev/api-backend/open-api/data-analysis/analysis.getPerformanceData.html',
			fields: performanceFields,
			pick: 'data.body.tables',
			prepare: ({ time, module, ...values }) => ({
				time,
				module,
				params: FILTERS.map((field) => ({ field, value: values[field] })),
			}),
		}),
	],
	{
		name: 'Get',
		value: 'get',
		action: 'Get statistics of mini program',
		chinese: '获取小程序数据分析',
		description: 'Get figures of users, visits, retention or performance',
		field: { displayName: 'Figure (指标)', name: 'figure', description: 'What to get' },
	},
);

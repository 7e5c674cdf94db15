import type { Answer, Call, Client } from '../../api/apiClient';
import { mapWithLimit } from '../../base/mapWithLimit';
import { defineOperation, defineResource, type Field } from '../../engine/define';
import { splitSpans, type DateStep } from '../../base/beijingTime';

/** How many calls of one range are on their way at a time. */
const CONCURRENCY = 5;

const range = [
	{
		displayName: 'Begin Date',
		name: 'begin_date',
		type: 'dateTime',
		wire: false,
		default: '',
		placeholder: 'e.g. 2026-01-01',
		description:
			'First day, in Beijing time. Long ranges are asked for in several calls. Leave empty for the same day as End Date.',
	},
	{
		displayName: 'End Date',
		name: 'end_date',
		type: 'dateTime',
		wire: false,
		default: '',
		placeholder: 'e.g. 2026-01-31',
		description:
			'Last day, in Beijing time: yesterday at most, whose figures are complete after 8:00 there. Leave empty for yesterday.',
	},
] as const satisfies Field[];

interface Run {
	params: { begin_date: unknown; end_date: unknown };
	call: Call;
	send: Client['send'];
}

/** Asks for any range of days in the spans that WeChat allows for a call, and joins the answers in their order. */
const by =
	(step: DateStep) =>
	async ({ params, call, send }: Run): Promise<object[]> => {
		const spans = splitSpans(step, params.begin_date, params.end_date, Date.now());
		const ask = async (span: object) => await send({ ...call, body: { ...span } });
		return (await mapWithLimit(spans, CONCURRENCY, ask)).flatMap(rowsOf);
	};

/** Some answers say beside their list that figures are still missing. */
function rowsOf({ list = [], is_delay }: Answer): object[] {
	const rows = list as object[];
	return is_delay === undefined ? rows : rows.map((row) => ({ ...row, is_delay }));
}

/** Source: "Statistics" (数据统计); the spans are those of each page, and of its chapter. */
export const statistics = defineResource('Statistics (数据统计)', 'statistics', [
	defineOperation({
		name: 'Get Article Details',
		value: 'getArticleDetails',
		action: 'Get statistics of article details',
		description:
			'Get the figures of each article published in a range of days, day by day for 30 days after it (发表内容发表详细数据). Figures begin on 2025-11-01.',
		path: '/datacube/getarticletotaldetail',
		doc: 'service/api/wedata/news/api_getarticletotaldetail.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Article Reads',
		value: 'getArticleReads',
		action: 'Get statistics of article reads',
		description:
			'Get how many users read each article on each day, and where from (发表内容每日阅读数据). Figures begin on 2025-11-01.',
		path: '/datacube/getarticleread',
		doc: 'service/api/wedata/news/api_getarticleread.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Article Shares',
		value: 'getArticleShares',
		action: 'Get statistics of article shares',
		description:
			'Get how many users shared each article on each day (发表内容每日分享数据). Figures begin on 2025-11-01.',
		path: '/datacube/getarticleshare',
		doc: 'service/api/wedata/news/api_getarticleshare.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Article Summary (Legacy)',
		value: 'getArticleSummaryLegacy',
		action: 'Get legacy statistics of articles sent',
		description:
			'Get the figures of each day for articles sent to followers (图文群发每日数据). WeChat no longer maintains this: use Get Article Reads and Get Article Shares.',
		path: '/datacube/getarticlesummary',
		doc: 'service/api/wedata/news/api_getarticlesummary.html',
		safe: true,
		simple: [
			'ref_date',
			'msgid',
			'title',
			'int_page_read_user',
			'int_page_read_count',
			'share_user',
			'share_count',
			'add_to_fav_user',
		],
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Article Totals (Legacy)',
		value: 'getArticleTotalsLegacy',
		action: 'Get legacy statistics of article totals',
		description:
			'Get the growing totals of articles for seven days after they were sent (图文群发总数据). WeChat no longer maintains this: use Get Article Details.',
		path: '/datacube/getarticletotal',
		doc: 'service/api/wedata/news/api_getarticletotal.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Follower Changes',
		value: 'getFollowerChanges',
		action: 'Get statistics of follower changes',
		description:
			'Get how many users began and ceased to follow on each day, and where they came from (用户增减数据)',
		path: '/datacube/getusersummary',
		doc: 'service/api/wedata/user/api_getusersummary.html',
		safe: true,
		fields: range,
		run: by(7),
	}),
	defineOperation({
		name: 'Get Follower Totals',
		value: 'getFollowerTotals',
		action: 'Get statistics of follower totals',
		description: 'Get how many followers the account had on each day (累计用户数据)',
		path: '/datacube/getusercumulate',
		doc: 'service/api/wedata/user/api_getusercumulate.html',
		safe: true,
		fields: range,
		run: by(7),
	}),
	defineOperation({
		name: 'Get Message Distribution',
		value: 'getMessageDistribution',
		action: 'Get statistics of message distribution',
		description:
			'Get how many users sent 1 to 5, 6 to 10 or more messages on each day (消息发送分布数据)',
		path: '/datacube/getupstreammsgdist',
		doc: 'service/api/wedata/mess/api_getupstreammsgdist.html',
		safe: true,
		fields: range,
		run: by(15),
	}),
	defineOperation({
		name: 'Get Message Distribution by Month',
		value: 'getMessageDistributionByMonth',
		action: 'Get statistics of message distribution by month',
		description:
			'Get how many users sent 1 to 5, 6 to 10 or more messages in each month that is over (消息发送分布月数据); ref_date is its first day',
		path: '/datacube/getupstreammsgdistmonth',
		doc: 'service/api/wedata/mess/api_getupstreammsgdistmonth.html',
		safe: true,
		fields: range,
		run: by('month'),
	}),
	defineOperation({
		name: 'Get Message Distribution by Week',
		value: 'getMessageDistributionByWeek',
		action: 'Get statistics of message distribution by week',
		description:
			'Get how many users sent 1 to 5, 6 to 10 or more messages in each week that is over (消息发送分布周数据); ref_date is its Monday',
		path: '/datacube/getupstreammsgdistweek',
		doc: 'service/api/wedata/mess/api_getupstreammsgdistweek.html',
		safe: true,
		fields: range,
		run: by('week'),
	}),
	defineOperation({
		name: 'Get Messages',
		value: 'getMessages',
		action: 'Get statistics of messages',
		description: 'Get how many messages of each kind users sent on each day (消息发送概况数据)',
		path: '/datacube/getupstreammsg',
		doc: 'service/api/wedata/mess/api_getupstreammsg.html',
		safe: true,
		fields: range,
		run: by(7),
	}),
	defineOperation({
		name: 'Get Messages by Hour',
		value: 'getMessagesByHour',
		action: 'Get statistics of messages by hour',
		description: 'Get how many messages of each kind users sent in each hour (消息发送分时数据)',
		path: '/datacube/getupstreammsghour',
		doc: 'service/api/wedata/mess/api_getupstreammsghour.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Messages by Month',
		value: 'getMessagesByMonth',
		action: 'Get statistics of messages by month',
		description:
			'Get how many messages of each kind users sent in each month that is over (消息发送月数据); ref_date is its first day',
		path: '/datacube/getupstreammsgmonth',
		doc: 'service/api/wedata/mess/api_getupstreammsgmonth.html',
		safe: true,
		fields: range,
		run: by('month'),
	}),
	defineOperation({
		name: 'Get Messages by Week',
		value: 'getMessagesByWeek',
		action: 'Get statistics of messages by week',
		description:
			'Get how many messages of each kind users sent in each week that is over (消息发送周数据); ref_date is its Monday',
		path: '/datacube/getupstreammsgweek',
		doc: 'service/api/wedata/mess/api_getupstreammsgweek.html',
		safe: true,
		fields: range,
		run: by('week'),
	}),
	defineOperation({
		name: 'Get Publishing Summary',
		value: 'getPublishingSummary',
		action: 'Get statistics of publishing',
		description:
			'Get reads, shares, likes and comments of all that was published on each day (发表内容概况总数据). Figures begin on 2025-11-01.',
		path: '/datacube/getbizsummary',
		doc: 'service/api/wedata/news/api_getbizsummary.html',
		safe: true,
		fields: range,
		run: by(30),
	}),
	defineOperation({
		name: 'Get Reads (Legacy)',
		value: 'getReadsLegacy',
		action: 'Get legacy statistics of reads',
		description:
			'Get how often articles were read on each day, and where from (图文统计数据). WeChat no longer maintains this: use Get Publishing Summary.',
		path: '/datacube/getuserread',
		doc: 'service/api/wedata/news/api_getuserread.html',
		safe: true,
		fields: range,
		run: by(3),
	}),
	defineOperation({
		name: 'Get Reads by Hour (Legacy)',
		value: 'getReadsByHourLegacy',
		action: 'Get legacy statistics of reads by hour',
		description:
			'Get how often articles were read in each hour, and where from (图文统计分时数据). WeChat no longer maintains this: use Get Article Reads.',
		path: '/datacube/getuserreadhour',
		doc: 'service/api/wedata/news/api_getuserreadhour.html',
		safe: true,
		simple: [
			'ref_date',
			'ref_hour',
			'user_source',
			'int_page_read_user',
			'int_page_read_count',
			'share_user',
			'share_count',
			'add_to_fav_user',
		],
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Replies',
		value: 'getReplies',
		action: 'Get statistics of replies',
		description:
			'Get how many pushes the account’s server answered on each day, how many failed, and how long it took (被动回复概要数据)',
		path: '/datacube/getinterfacesummary',
		doc: 'service/api/wedata/api/api_getinterfacesummary.html',
		safe: true,
		fields: range,
		run: by(30),
	}),
	defineOperation({
		name: 'Get Replies by Hour',
		value: 'getRepliesByHour',
		action: 'Get statistics of replies by hour',
		description:
			'Get how many pushes the account’s server answered in each hour, how many failed, and how long it took (被动回复分布数据)',
		path: '/datacube/getinterfacesummaryhour',
		doc: 'service/api/wedata/api/api_getinterfacesummaryhour.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
	defineOperation({
		name: 'Get Shares (Legacy)',
		value: 'getSharesLegacy',
		action: 'Get legacy statistics of shares',
		description:
			'Get how often articles were shared on each day, and how (图文分享转发数据). WeChat no longer maintains this: use Get Publishing Summary.',
		path: '/datacube/getusershare',
		doc: 'service/api/wedata/news/api_getusershare.html',
		safe: true,
		fields: range,
		run: by(7),
	}),
	defineOperation({
		name: 'Get Shares by Hour (Legacy)',
		value: 'getSharesByHourLegacy',
		action: 'Get legacy statistics of shares by hour',
		description:
			'Get how often articles were shared in each hour, and how (图文分享转发分时数据). WeChat no longer maintains this: use Get Article Shares.',
		path: '/datacube/getusersharehour',
		doc: 'service/api/wedata/news/api_getusersharehour.html',
		safe: true,
		fields: range,
		run: by(1),
	}),
]);

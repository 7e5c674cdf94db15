import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from './workflow';

/** An example workflow, as people import it. */
const example = (name: string) =>
	JSON.parse(
		readFileSync(join(__dirname, '..', '..', 'workflows', `${name}.json`), 'utf8'),
	) as Workflow;

export const aiAnswer = example('ai-answer');
export const aiArticle = example('ai-article');
export const approvalByManager = example('approval-by-manager');
export const assistantInWechat = example('assistant-in-wechat');
export const authorizeAndGreet = example('authorize-and-greet');
export const billInTable = example('bill-in-table');
export const deployTemplate = example('deploy-template');
export const echoBot = example('echo-bot');
export const forwardToGroupChat = example('forward-to-group-chat');
export const keywordRules = example('keyword-rules');
export const markdownToDraft = example('markdown-to-draft');
export const nightlyStatistics = example('nightly-statistics');
export const orderNumber = example('order-number');
export const publishArticle = example('publish-article');
export const redPacketForSurvey = example('red-packet-for-survey');
export const refundWithApproval = example('refund-with-approval');
export const shopOrders = example('shop-orders');
export const shopPayment = example('shop-payment');
export const showroom = example('showroom');
export const slowAnswer = example('slow-answer');
export const supportBot = example('support-bot');
export const syncFollowers = example('sync-followers');
export const syncRules = example('sync-reply-rules');
export const welcomeFollowers = example('welcome-followers');

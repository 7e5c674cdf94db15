/**
 * How a reply travels through n8n: WeChat Reply hands it to `sendResponse` under this type, in whatever
 * process it runs, and n8n brings it to the process that holds WeChat's connection. There the trigger
 * knows the push, its key and its sender, so the reply needs none of them.
 */
export const REPLY_CONTENT_TYPE = 'application/vnd.wechat.reply+json';

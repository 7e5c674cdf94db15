import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Workflow } from './workflow';

/** An example workflow, as people import it. */
const example = (name: string) =>
	JSON.parse(readFileSync(join(__dirname, '..', 'workflows', `${name}.json`), 'utf8')) as Workflow;

export const deployTemplate = example('deploy-template');
export const echoBot = example('echo-bot');
export const keywordRules = example('keyword-rules');
export const redPacketForSurvey = example('red-packet-for-survey');
export const showroom = example('showroom');
export const slowAnswer = example('slow-answer');
export const syncRules = example('sync-reply-rules');

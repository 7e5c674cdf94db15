import { toLogLine } from '../base/logLine';

/**
 * Why a push is not accepted. Status 400: it cannot be read. 401: WeChat did not sign it.
 * 403: it is signed, but meant for another account or not allowed by the settings of this one. 503: nobody can tell,
 * because the credential cannot be read.
 * The reason is written for the person who reads n8n's log, and never holds a secret. It may hold what a stranger
 * sent: that stays on one short line, and cannot pass for another entry of the log or command a terminal.
 */
export class PushRejected extends Error {
	constructor(
		readonly status: 400 | 401 | 403 | 503,
		reason: string,
	) {
		super(toLogLine(reason));
		this.name = 'PushRejected';
	}
}

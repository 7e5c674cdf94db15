import { request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import type { Services } from '../api/services';
import { ConnectionError, findTlsFailure } from '../base/connectionError';
import type { Question, QuestionReceipt, QuestionResume } from './question';

/*
 * A run that waits is resumed by a POST to an address that n8n has signed, on any process that serves webhooks. This one
 * does: a push has just come in. So the request goes back to the address and port at which that push arrived, and only
 * then to the public address, which may lead through a proxy that does not know the way back.
 */

/** What came of it. */
export type Resumed =
	| { kind: 'accepted' }
	/** The run has ended or was deleted, or waits for something else. */
	| { kind: 'over' }
	/** Nothing is known of the run: `reason` is for the log. */
	| { kind: 'unanswered'; reason: string };

/** An answer to one attempt. */
type Attempt =
	| Resumed
	/** n8n has not saved yet that the run waits. */
	| { kind: 'running'; reason: string }
	/** The request was sent and may have done it, but no answer came. */
	| { kind: 'lost'; reason: string };

/** How long it is tried, in milliseconds: a busy n8n takes seconds to save a run. */
const TRY_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const MAX_PAUSE_MS = 2000;
/** The node that asked downloads the pictures of the answer before it says anything. */
const ANSWER_MS = 30_000;
/** Ours is short, and so are n8n's pages. */
const MAX_BYTES = 100_000;

/**
 * Resumes the run that asked a question.
 *
 * @param socket The connection on which the push came. Its own end is the only thing of the request that is used.
 */
export async function resumeRun(
	{ clock, http }: Pick<Services, 'clock' | 'http'>,
	{ id, resumeUrl }: Question,
	resume: QuestionResume,
	socket: Socket | undefined,
): Promise<Resumed> {
	const url = new URL(resumeUrl);
	const body = JSON.stringify(resume);

	async function send(): Promise<Attempt> {
		const own = socket?.localAddress ? await tryOwn(socket, socket.localAddress) : undefined;
		return own && own.kind !== 'unanswered' ? own : await tryPublic();
	}
	async function tryOwn(from: Socket, host: string): Promise<Attempt> {
		try {
			const { status, text } = await sendToOwnProcess(url, body, from, host);
			// This is n8n itself: a page in place of our answer says that there is nothing to do any more.
			const isPage = status === 200 && !readReceipt(text);
			return isPage ? { kind: 'over' } : readAttempt(id, status, text);
		} catch (error) {
			const { code = 'no answer' } = error as NodeJS.ErrnoException;
			const isUnsent = code === 'ECONNREFUSED' || findTlsFailure(code) !== 'none';
			return { kind: isUnsent ? 'unanswered' : 'lost', reason: code };
		}
	}
	async function tryPublic(): Promise<Attempt> {
		try {
			const contentType = 'application/json';
			const answer = await http({ peer: N8N, method: 'POST', url, body, contentType });
			return readAttempt(id, answer.status, answer.body.toString('utf8'));
		} catch (error) {
			if (!(error instanceof ConnectionError)) throw error;
			return { kind: error.isUnsent ? 'unanswered' : 'lost', reason: error.code };
		}
	}

	const end = clock.now() + TRY_MS;
	let isLost = false;
	let waited = 0;
	for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
		const attempt = await send();
		if (attempt.kind === 'accepted') return attempt;
		// The one before whose answer was lost has ended the wait.
		if (attempt.kind === 'over') return isLost ? { kind: 'accepted' } : attempt;
		isLost ||= attempt.kind === 'lost';
		const isRefused = attempt.reason === REFUSED;
		waited += pause;
		if (isRefused || waited > TRY_MS || clock.now() > end)
			return { kind: 'unanswered', reason: attempt.reason };
		await clock.sleep(pause);
	}
}

const N8N = {
	name: 'n8n',
	hint: 'Check WEBHOOK_URL of n8n: it is where n8n is reached.',
	chinese: '请检查 n8n 的 WEBHOOK_URL，它应是 n8n 的访问地址。',
};

/** n8n does not know its own signature: behind a proxy that changes the path, or after its encryption key has changed. */
const REFUSED = 'HTTP 401';

/** Reads what n8n 2.8.4 and 2.41.1 say. Only our own answer is success: they show pages with status 200, too. */
function readAttempt(id: string, status: number, text: string): Attempt {
	const receipt = readReceipt(text);
	if (receipt?.question === id) return { kind: receipt.isAccepted ? 'accepted' : 'over' };
	const reason = `HTTP ${status}`;
	const isOver =
		(status === 200 && /<title>No action required<\/title>/.test(text)) ||
		(status === 404 && /"The execution |The workflow for execution /.test(text)) ||
		(status === 409 && text.includes('finished'));
	if (isOver) return { kind: 'over' };
	return { kind: status === 409 ? 'running' : 'unanswered', reason };
}

function readReceipt(text: string): QuestionReceipt | undefined {
	try {
		const answer = JSON.parse(text) as Partial<QuestionReceipt> | null;
		return typeof answer?.question === 'string' && typeof answer.isAccepted === 'boolean'
			? (answer as QuestionReceipt)
			: undefined;
	} catch {
		return undefined;
	}
}

/**
 * Sends the request to the process that it runs in. n8n has no path of its own in front of `webhook-waiting`: a proxy cuts
 * N8N_PATH off. n8n 2.8.4 signs the host, too, and compares it with the header.
 */
async function sendToOwnProcess(
	url: URL,
	body: string,
	from: Socket,
	host: string,
): Promise<{ status: number; text: string }> {
	const isEncrypted = from instanceof TLSSocket;
	const options: RequestOptions = {
		method: 'POST',
		host,
		port: from.localPort,
		path: toOwnPath(url) + url.search,
		headers: {
			host: url.host,
			'content-type': 'application/json',
			'content-length': Buffer.byteLength(body),
		},
		agent: false,
		timeout: ANSWER_MS,
		...(isEncrypted && trustOwn(from)),
	};
	return await new Promise((resolve, reject) => {
		const request = (isEncrypted ? requestHttps : requestHttp)(options, (response) => {
			const chunks: Buffer[] = [];
			let size = 0;
			response.on('data', (chunk: Buffer) => {
				size += chunk.length;
				if (size <= MAX_BYTES) chunks.push(chunk);
			});
			response.on('error', reject);
			response.on('end', () =>
				resolve({
					status: response.statusCode ?? 0,
					text: Buffer.concat(chunks).toString('utf8'),
				}),
			);
		});
		request.on('error', reject);
		request.on('timeout', () => request.destroy(new Error('no answer')));
		request.end(body);
	});
}

/**
 * Trusts the certificate that this process has shown WeChat, and no other. It is for the public name; one that vouches for
 * itself is its own authority.
 */
function trustOwn(from: TLSSocket): ConnectionOptions {
	const own = from.getX509Certificate();
	return {
		...(own && own.issuer === own.subject && { ca: own.toString() }),
		checkServerIdentity: (_, { fingerprint256 }) =>
			fingerprint256 === own?.fingerprint256
				? undefined
				: Object.assign(new Error('Another certificate'), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
	};
}

/** The name of n8n's endpoint (N8N_ENDPOINT_WEBHOOK_WAIT), the execution, and the node. */
const OWN_PARTS = 3;
const toOwnPath = ({ pathname }: URL): string =>
	`/${pathname.split('/').filter(Boolean).slice(-OWN_PARTS).join('/')}`;

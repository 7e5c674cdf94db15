import type { Clock } from '../base/clock';
import { MAX_PUSH_BYTES } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';
import type { Response } from '../n8n/webhookResponse';

/** n8n's request is Node's, with what n8n found out about it. */
export type Request = Response['req'] & {
	/** Of the visitor, or of the proxy before n8n when n8n is not told to trust it (N8N_PROXY_HOPS). */
	ip?: string;
};

/** WeChat hangs up after so long. */
const MAX_MS = 5000;

const TOO_LARGE = 'The body is larger than anything that WeChat sends.';

/**
 * Reads the exact bytes of the body, as many as a push may have and no more. n8n's own reader would take 16 MB. The rest
 * of a body that is refused is not read: the connection is closed behind the answer.
 *
 * @throws {PushRejected} when it is too large or compressed, breaks off, or takes longer than five seconds.
 */
export async function readBody(
	request: Request,
	response: Response,
	clock: Clock,
): Promise<Buffer> {
	function createRefusal(reason: string): PushRejected {
		response.setHeader('connection', 'close');
		return new PushRejected(400, reason);
	}
	const { 'content-length': length, 'content-encoding': encoding } = request.headers;
	if (Number(length ?? 0) > MAX_PUSH_BYTES) throw createRefusal(TOO_LARGE);
	if (encoding && encoding !== 'identity')
		throw createRefusal('The body is compressed, which WeChat does not do.');
	// n8n's types say that it has always read the body. It has not, see triggerProperties.ts.
	const { rawBody } = request as { rawBody?: Buffer };
	return rawBody ?? (await readStream(request, clock, createRefusal));
}

async function readStream(
	request: Request,
	clock: Clock,
	createRefusal: (reason: string) => PushRejected,
): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	return await new Promise<Buffer>((resolve, reject) => {
		let isOver = false;
		const stop = clock.later(MAX_MS, () => refuse('The body has not come within five seconds.'));
		/** Only what happens first counts: the connection is closed behind each answer. */
		function finish(settle: () => void): void {
			if (isOver) return;
			isOver = true;
			stop();
			settle();
		}
		function refuse(reason: string): void {
			request.removeListener('data', add).pause();
			finish(() => reject(createRefusal(reason)));
		}
		function add(chunk: Buffer): void {
			size += chunk.length;
			if (size > MAX_PUSH_BYTES) refuse(TOO_LARGE);
			else chunks.push(chunk);
		}
		request
			.on('data', add)
			.once('end', () => finish(() => resolve(Buffer.concat(chunks))))
			.once('close', () => refuse('The body breaks off.'))
			.once('error', ({ message }) => refuse(`The body cannot be read: ${message}`));
	});
}

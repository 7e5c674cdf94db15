import { MAX_PUSH_BYTES } from '../push/openPush';
import { PushRejected } from '../push/pushRejected';

/** What n8n makes of a request. */
export interface Request {
	headers: { 'content-length'?: string };
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
}

/** The exact bytes of the body, read now when n8n has not done it yet. */
export async function bodyOf(request: Request): Promise<Buffer> {
	if (Number(request.headers['content-length'] ?? 0) > MAX_PUSH_BYTES)
		throw new PushRejected(400, 'The body is larger than anything that WeChat sends.');
	try {
		if (!request.rawBody) await request.readRawBody?.();
	} catch (error) {
		throw new PushRejected(400, `The body cannot be read: ${(error as Error).message}`);
	}
	return request.rawBody ?? Buffer.alloc(0);
}

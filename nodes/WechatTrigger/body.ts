import { MAX_BYTES } from '../push/open';
import { Refusal } from '../push/refusal';

/** What n8n makes of a request. */
export interface Request {
	headers: { 'content-length'?: string };
	rawBody?: Buffer;
	readRawBody?: () => Promise<void>;
}

/** The exact bytes of the body, read now when n8n has not done it yet. */
export async function bodyOf(request: Request): Promise<Buffer> {
	if (Number(request.headers['content-length'] ?? 0) > MAX_BYTES)
		throw new Refusal(400, 'The body is larger than anything that WeChat sends.');
	try {
		if (!request.rawBody) await request.readRawBody?.();
	} catch (error) {
		throw new Refusal(400, `The body cannot be read: ${(error as Error).message}`);
	}
	return request.rawBody ?? Buffer.alloc(0);
}

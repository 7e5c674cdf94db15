import { bodyOf, type Request } from '../../nodes/WechatTrigger/body';
import { MAX_PUSH_BYTES } from '../../nodes/push/openPush';

describe('the body', () => {
	test('is read when n8n has not read it', async () => {
		const request: Request = {
			headers: {},
			readRawBody: async () => void (request.rawBody = Buffer.from('<xml></xml>')),
		};
		expect(String(await bodyOf(request))).toBe('<xml></xml>');
	});

	test('may be missing', async () => expect(await bodyOf({ headers: {} })).toHaveLength(0));

	test('may be as large as WeChat sends', async () => {
		const rawBody = Buffer.from('x');
		const headers = { 'content-length': String(MAX_PUSH_BYTES) };
		expect(await bodyOf({ headers, rawBody })).toBe(rawBody);
	});

	test('that breaks off is a bad push', async () => {
		const readRawBody = async () => await Promise.reject(new Error('aborted'));
		await expect(bodyOf({ headers: {}, readRawBody })).rejects.toMatchObject({
			name: 'Refusal',
			status: 400,
			message: expect.stringContaining('aborted') as string,
		});
	});
});

import { catchReply, type Response } from '../../nodes/WechatTrigger/respond';
import { REPLY_CONTENT_TYPE } from '../../nodes/n8n/replyContentType';
import type { Reply } from '../../nodes/push/reply';
import { fakeResponse } from '../support/webhook';

const text = { MsgType: 'text', Content: 'hi' };

/** What is caught of the times that n8n ends a response. */
function caught(end: (response: ReturnType<typeof fakeResponse>) => void) {
	const response = fakeResponse();
	const found: Array<Reply | undefined> = [];
	catchReply(response as unknown as Response, (reply) => found.push(reply));
	end(response);
	return found;
}

test('n8n ends the response of a reply once more, with nothing: the reply counts', () => {
	const found = caught((response) => {
		response.setHeader('content-type', REPLY_CONTENT_TYPE);
		response.end(Buffer.from(JSON.stringify(text)));
		response.end();
	});
	expect(found).toEqual([text]);
});

test.each([
	['a run without a reply', 'application/json', '{}'],
	['a run that failed', 'application/json; charset=utf-8', '{"message":"Error in workflow"}'],
	['a reply that is none', REPLY_CONTENT_TYPE, '{}'],
])('%s is no reply', (_, type, body) => {
	const found = caught((response) => {
		response.setHeader('content-type', type);
		response.end(body);
	});
	expect(found).toEqual([undefined]);
});

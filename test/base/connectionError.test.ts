import {
	createStatusError,
	describeLostAnswer,
	HARMLESS,
	type Peer,
} from '../../nodes/base/connectionError';
import type { UserError } from '../../nodes/base/userError';

const peer: Peer = { name: 'the relay', hint: 'Check the address.', chinese: '请检查地址。' };
const fail = (status: number, body = 'page', to: Peer = peer) =>
	createStatusError({ status, body: Buffer.from(body) }, { peer: to, path: '/x' });

describe('what was no answer is explained in Chinese, too', () => {
	test.each([
		[200, '', /^收到的应答为空（HTTP 200）：.*一分钟后再运行节点.*。请检查地址。$/],
		[200, 'page', /^没有收到正常的应答（HTTP 200）：.*网页.*。请检查地址。$/],
		[302, 'page', /跳转.*。请检查地址。$/],
		[407, 'page', /^没有收到正常的应答（HTTP 407）：代理要求登录.*。请检查地址。$/],
		[502, 'page', /网关.*。请检查地址。$/],
	])('HTTP %d with "%s": %p', (status, body, said) => {
		expect(fail(status, body).chinese).toMatch(said);
	});

	test('and without what its server has to say', () => {
		const { chinese } = fail(404, 'page', { name: 'the relay', hint: 'Check the address.' });
		expect(chinese).toBe('没有收到正常的应答（HTTP 404）：该地址的服务器没有此接口。');
	});

	test('and what to do before a call is sent again', () => {
		const lost = describeLostAnswer(fail(502)) as UserError;
		expect(lost.chinese).toMatch(/（HTTP 502），但调用可能已经执行：.*先查看是否已经生效。$/);
		const harmless = describeLostAnswer(fail(502), HARMLESS) as UserError;
		expect(harmless.chinese).toMatch(/再次发送没有影响。$/);
	});
});

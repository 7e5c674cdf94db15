import { toPlainText } from '../../nodes/base/html';

test.each([
	['1:账号信息不符合规范<br>', '1:账号信息不符合规范'],
	['1:名称<br>2:头像<BR/>3:简介<br />', '1:名称\n2:头像\n3:简介'],
	['<p>1:名称</p><p>见 <a href="https://x.example">指引</a></p>', '1:名称\n见 指引'],
	['A &amp; B &lt;C&gt;&nbsp;&quot;D&quot; &#39;E&#39; &unknown;', 'A & B <C> "D" \'E\' &unknown;'],
	['1 < 2 > 0', '1 < 2 > 0'],
	['审核时效延长', '审核时效延长'],
	['', ''],
])('%j is %j', (html, text) => expect(toPlainText(html)).toBe(text));

test.each(['<a', '<br', '<br ', '&', '&a', '</p', '<br/'])(
	'a megabyte of %j takes no time',
	(piece) => {
		const before = process.cpuUsage();
		toPlainText(piece.repeat(2 ** 20 / piece.length));
		// Of this process, so that a busy machine does not count.
		expect(process.cpuUsage(before).user / 1000).toBeLessThan(1000);
	},
);

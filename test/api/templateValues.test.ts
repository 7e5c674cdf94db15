import { ApiError, findHint } from '../../nodes/api/apiError';
import { findTemplateLimit } from '../../nodes/api/templateValues';

const hintOf = (errmsg: string, errcode = 47003) =>
	new ApiError({ errcode, errmsg, path: '/cgi-bin/message/subscribe/send' }).hint;

// The words of WeChat's answers, and kinds that stand on its page of subscription messages.
test.each([
	[
		'argument invalid! data.thing1.value is empty rid: 5f-1-2',
		/^Look at thing1 in data: .* 20 characters/,
	],
	['argument invalid! data.number12.value invalid', /^Look at number12 in data: .* 32 digits/],
	['argument invalid! data.character_string3.value is empty', /^Look at character_string3 .* 32 /],
	['argument invalid! data.time2.value invalid', /^Look at time2 .* 09:30/],
	['argument invalid! data.first.value is empty', /^Look at first in data: [^.]*\.$/],
])('47003: the hint for %j names the field', (errmsg, hint) => {
	expect(hintOf(errmsg)).toMatch(hint);
});

test('other messages and codes keep the hint of their code', () => {
	expect(hintOf('argument invalid! missing field tag.name')).toBe(findHint(47003)?.hint);
	expect(hintOf('invalid data.thing1', 40037)).toBe(findHint(40037)?.hint);
});

// Source: 订阅通知, 参数类型.
test('a key begins with its kind, which has a limit', () => {
	expect(findTemplateLimit('thing12')).toBe(20);
	expect(findTemplateLimit('phrase')).toBe(5);
	expect(findTemplateLimit('date1')).toBeUndefined();
	expect(findTemplateLimit('first')).toBeUndefined();
});

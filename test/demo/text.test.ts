import { partsOf, webAddress } from './text';

test.each([
	['plain text', 'Hello', [{ text: 'Hello' }]],
	[
		'a link',
		'See <a href="https://example.com/a?b=1&amp;c=2">here</a>!',
		[{ text: 'See ' }, { text: 'here', href: 'https://example.com/a?b=1&c=2' }, { text: '!' }],
	],
	[
		'two links, in other quotes and with other attributes',
		'<a class=x href=\'http://one.example\'>1</a><A HREF="https://two.example" target=_blank>2</A>',
		[
			{ text: '1', href: 'http://one.example/' },
			{ text: '2', href: 'https://two.example/' },
		],
	],
	[
		'line breaks, also inside of a link',
		'a\nb <a href="https://example.com">c\nd</a>',
		[{ text: 'a\nb ' }, { text: 'c\nd', href: 'https://example.com/' }],
	],
	[
		'other HTML, which is shown as it was written',
		'<b>bold</b><script>alert(1)</script><img src=x onerror=alert(1)>',
		[{ text: '<b>bold</b><script>alert(1)</script><img src=x onerror=alert(1)>' }],
	],
	[
		'HTML inside of a link, which stays text',
		'<a href="https://example.com"><img src=x onerror=alert(1)></a>',
		[{ text: '<img src=x onerror=alert(1)>', href: 'https://example.com/' }],
	],
	['an attribute that only ends like href', '<a data-href="https://example.com">x</a>', undefined],
	['a link that runs a script', '<a href="javascript:alert(1)">x</a>', undefined],
	['one that hides it', '<a href=" JaVa\nscript:alert(1)">x</a>', undefined],
	['one with data', '<a href="data:text/html,x">x</a>', undefined],
	['one inside of WeChat', '<a href="weixin://bizmsgmenu?msgmenuid=1">x</a>', undefined],
	['one to nowhere', '<a href="/page">x</a>', undefined],
	['a link without an end', '<a href="https://example.com">x', undefined],
])('%s', (_, message, parts) => {
	expect(partsOf(message)).toEqual(parts ?? [{ text: message }]);
});

test('a picture has an address of http or https', () => {
	expect(webAddress(' https://example.com/a.png ')).toBe('https://example.com/a.png');
	for (const wrong of [undefined, null, '', 'a.png', 'javascript:alert(1)', 'file:///etc/passwd'])
		expect(webAddress(wrong)).toBeUndefined();
});

import { toModelKey } from '../../nodes/soter/deviceModel';

// model_key, on the page of is_support: a text of XML in JSON.
test('a phone is written as WeChat has it', () =>
	expect(toModelKey('HUAWEI', 'ALP-AL00')).toBe(
		'<deviceinfo><MANUFACTURER name="HUAWEI"><MODEL name="ALP-AL00"></MODEL></MANUFACTURER></deviceinfo>',
	));

test('a name cannot end the quotes around it', () =>
	expect(toModelKey('A&B', '"><x y="')).toContain(
		'name="A&amp;B"><MODEL name="&quot;&gt;&lt;x y=&quot;">',
	));

test.each(['a\nb', 'a\u0000', 'a\u007f', 'a\ufffe', 'a\ud83d'])(
	'%j is no name of a phone',
	(name) => {
		expect(() => toModelKey(name, 'M')).toThrow('Manufacturer or Model holds a character');
		expect(() => toModelKey('M', name)).toThrow('Manufacturer or Model holds a character');
	},
);

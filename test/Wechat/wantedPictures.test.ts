import { createServices } from '../../nodes/api/services';
import { openSavedUploads } from '../../nodes/api/savedUploads';
import { uploadPictures } from '../../nodes/Wechat/wantedPictures';
import { jpeg } from '../simulator/accounts/jpeg';

const OTHER = { hint: 'Other.', chinese: '换一张。' };
const files = { list: () => [], read: async () => Buffer.alloc(0) };
const saved = openSavedUploads(
	{ read: async () => ({}), get: async () => undefined, put: async () => {} },
	Date.now,
);

test('a picture that is a cover as well is fetched once, and uploaded for both', async () => {
	const fetched: string[] = [];
	const sent: string[] = [];
	const { uploaded, notes } = await uploadPictures(
		[
			{
				purpose: 'cover',
				address: 'https://a/1.jpg',
				place: 'The cover',
				mayMiss: false,
				remedy: OTHER,
			},
			{
				purpose: 'text',
				address: 'https://a/2.jpg',
				place: 'Picture 1',
				mayMiss: false,
				remedy: OTHER,
			},
			{
				purpose: 'text',
				address: 'https://a/1.jpg',
				place: 'Picture 2',
				mayMiss: false,
				remedy: OTHER,
			},
		],
		{
			files,
			saved,
			client: {
				key: 'wx1',
				services: createServices(),
				async fetchWebFile({ href }) {
					fetched.push(href);
					const bytes = Buffer.concat([jpeg, Buffer.from(href)]);
					return { bytes, contentType: 'image/jpeg', fileName: '' };
				},
				async send({ path }) {
					sent.push(path);
					return { url: `of ${path}`, media_id: `of ${path}` };
				},
			},
		},
	);
	const [TEXT, MATERIAL] = ['/cgi-bin/media/uploadimg', '/cgi-bin/material/add_material'];
	expect(fetched.toSorted()).toEqual(['https://a/1.jpg', 'https://a/2.jpg']);
	expect(sent.toSorted()).toEqual([MATERIAL, TEXT, TEXT]);
	expect(uploaded.map(({ wanted: { place }, picture: { url } }) => [place, url])).toEqual([
		['The cover', `of ${MATERIAL}`],
		['Picture 1', `of ${TEXT}`],
		['Picture 2', `of ${TEXT}`],
	]);
	expect(notes).toEqual([]);
});

test('pictures that cannot be had are told in both languages, with what else to do', async () => {
	const wanted = ['shop.jpg', 'data:,'].map((address, index) => ({
		purpose: 'text' as const,
		address,
		place: `Picture ${index + 1}`,
		mayMiss: false,
		remedy: OTHER,
	}));
	const client = {
		key: 'wx1',
		services: createServices(),
		fetchWebFile: () => Promise.reject(new Error('not called')),
		send: () => Promise.reject(new Error('not called')),
	};
	await expect(uploadPictures(wanted, { files, saved, client })).rejects.toMatchObject({
		message: expect.stringMatching(/^Nothing was saved. Picture 1: .*; Picture 2: /) as string,
		hint: 'Hand the file over in a binary field, or write the whole address. Other.',
		chinese:
			'有 2 张图片无法使用，未保存任何内容。图片地址不是网址，也没有二进制字段含有名为“shop.jpg”的文件：请在二进制字段中传入该文件，或填写完整网址。换一张。',
	});
});

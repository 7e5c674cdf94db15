import { createServices } from '../../nodes/api/services';
import { openSavedUploads } from '../../nodes/api/savedUploads';
import { uploadPictures } from '../../nodes/Wechat/wantedPictures';
import { jpeg } from '../simulator/accounts/jpeg';

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
				remedy: 'Other.',
			},
			{
				purpose: 'text',
				address: 'https://a/2.jpg',
				place: 'Picture 1',
				mayMiss: false,
				remedy: 'Other.',
			},
			{
				purpose: 'text',
				address: 'https://a/1.jpg',
				place: 'Picture 2',
				mayMiss: false,
				remedy: 'Other.',
			},
		],
		{
			files: { list: () => [], read: async () => Buffer.alloc(0) },
			saved: openSavedUploads(
				{ read: async () => ({}), get: async () => undefined, put: async () => {} },
				Date.now,
			),
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

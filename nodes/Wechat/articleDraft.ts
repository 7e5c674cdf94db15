import { checkLimits, LIMITS_IN_CHINESE } from '../article/articleLimits';
import type { Note } from '../article/htmlTree';
import { computeCrop } from '../article/preparePicture';
import type { ArticlePicture } from '../article/renderArticle';
import { readContent } from './articleFile';
import type { UploadedPicture } from '../api/services';
import { UserError } from '../base/userError';
import { renderFields, type ArticleFields } from './checkArticle';
import { isMediaId, retryLostCovers, type PictureWay } from './pictureUpload';
import { LEAVE_OUT, uploadPictures, type WantedPicture } from './wantedPictures';

/** What the fields of an article say, with its pictures. */
export interface DraftFields extends ArticleFields {
	/** An address as in a text, or the media ID of a permanent image; empty for what the text says. */
	cover?: string;
	comments?: 'closed' | 'everyone' | 'followers';
	unavailable?: 'fail' | 'leaveOut';
}

/** An article of a draft as WeChat takes it, and what is said of it. */
interface MadeArticle {
	wire: Record<string, unknown>;
	about: { title: string; characters: number; pictures: number };
	notes: Note[];
	/** Where its cover came from, when it was uploaded. */
	cover?: string;
}

const WIDE = 2.35;
/** What is too long with this for each picture is too long with the addresses that WeChat gives. */
const SHORTEST_ADDRESS = 'http://mmbiz.qpic.cn/';

/**
 * Makes an article of a draft of its text: renders it, and uploads its pictures and its cover. The texts are checked
 * before, and the whole article when all pictures are there.
 *
 * @throws {UserError} when WeChat would refuse it, or a picture cannot be had.
 */
async function makeArticle(fields: DraftFields, way: PictureWay): Promise<MadeArticle> {
	const content = await readContent(fields.content, way.files);
	const { rendered, texts } = await renderFields({ ...fields, content });
	const { pictures } = rendered;
	const shortest = rendered.toContent(
		new Map(pictures.map(({ address }) => [address, SHORTEST_ADDRESS])),
	);
	checkRefusals(checkLimits({ ...texts, content: shortest }));
	const cover = fields.cover?.trim() || rendered.cover;
	if (!cover)
		throw new UserError(
			'The article has no cover',
			'Fill in Cover, name one in the front matter, or put a picture into the text: the first one is the cover then.',
			'文章没有封面：请填写“封面”，或在 front matter 中指定，或在正文中放入图片（第一张将作为封面）。',
		);
	const { found, notes, coverPicture } = await uploadAll(pictures, cover, fields, way);
	const finished = rendered.toContent(toAddresses(found));
	checkRefusals(checkLimits({ ...texts, content: finished }));
	return {
		wire: {
			article_type: 'news',
			title: texts.title,
			author: texts.author,
			digest: texts.digest,
			content: finished,
			content_source_url: texts.sourceUrl,
			...toCoverFields(cover, coverPicture),
			...toComments(fields.comments),
		},
		about: { title: texts.title, characters: [...finished].length, pictures: found.size },
		notes: [...rendered.notes, ...notes],
		...(coverPicture && { cover }),
	};
}

export function checkRefusals(problems: Note[]): void {
	if (problems.length === 0) return;
	throw new UserError(
		`WeChat would refuse the article: ${problems.map(({ text }) => text).join(' ')}`,
		'Article: Check tells the same, and more, without a draft.',
		`微信会拒绝这篇文章：${problems.map(({ rule }) => LIMITS_IN_CHINESE.get(rule)).join('；')}；可用“检查文章”（Article: Check）先行检查，不会创建草稿。`,
	);
}

const toAddresses = (found: ReadonlyMap<string, UploadedPicture>) =>
	new Map([...found].map(([address, { url }]) => [address, url]));

/** WeChat shows the cover of a first article wide, and of all others square. */
function toCoverFields(cover: string, uploaded: UploadedPicture | undefined) {
	if (!uploaded) return { thumb_media_id: cover };
	const crop = (ratio: number) => Object.values(computeCrop(uploaded, ratio)).join('_');
	return {
		thumb_media_id: uploaded.mediaId,
		pic_crop_235_1: crop(WIDE),
		pic_crop_1_1: crop(1),
	};
}

export const toComments = (comments: DraftFields['comments']) =>
	comments && {
		need_open_comment: comments === 'closed' ? 0 : 1,
		only_fans_can_comment: comments === 'followers' ? 1 : 0,
	};

/** Uploads the pictures of a text, and its cover when it is none yet, several at a time. */
async function uploadAll(
	pictures: ArticlePicture[],
	cover: string,
	{ unavailable = 'fail', cover: chosen }: DraftFields,
	way: PictureWay,
) {
	const wanted: WantedPicture[] = pictures.map(({ address, line, alt }, index) => ({
		purpose: 'text',
		address,
		line,
		place: describePlace(index, line, alt),
		mayMiss: unavailable === 'leaveOut',
		remedy: LEAVE_OUT,
	}));
	if (!isMediaId(cover))
		wanted.unshift({
			purpose: 'cover',
			address: cover,
			place: 'The cover',
			mayMiss: false,
			remedy: chosen?.trim()
				? { hint: 'Or enter another picture in Cover.', chinese: '也可在“封面”中换一张图片。' }
				: {
						hint: 'Cover is empty, so the front matter or the first picture of the text names it: enter another one there.',
						chinese: '“封面”为空，封面来自 front matter 或正文第一张图片：也可在那里换一张。',
					},
		});
	const { uploaded, notes } = await uploadPictures(wanted, way);
	const found = new Map<string, UploadedPicture>();
	let coverPicture: UploadedPicture | undefined;
	for (const { wanted: one, picture } of uploaded)
		if (one.purpose === 'cover') coverPicture = picture;
		else found.set(one.address, picture);
	return { found, notes, coverPicture };
}

function describePlace(index: number, line: number | undefined, alt: string): string {
	const named = alt ? `"${[...alt].slice(0, 40).join('')}"` : '';
	return [`Picture ${index + 1}`, named, line === undefined ? '' : `in line ${line}`]
		.filter(Boolean)
		.join(' ');
}

/**
 * Makes the articles of a draft, and hands them to `save`. When WeChat has lost a cover that was uploaded before, all
 * covers are uploaded once more.
 */
async function saveArticles<T>(
	articles: DraftFields[],
	way: PictureWay,
	save: (wires: Array<MadeArticle['wire']>) => Promise<T>,
): Promise<{ answer: T; made: MadeArticle[] }> {
	const make = async () => {
		const list: MadeArticle[] = [];
		for (const [index, fields] of articles.entries())
			list.push(
				await makeArticle(fields, way).catch((error: unknown) => {
					throw nameArticle(error, index);
				}),
			);
		return list;
	};
	let made: MadeArticle[] = [];
	const makeAndSave = async () => {
		made = await make();
		return { answer: await save(made.map(({ wire }) => wire)), made };
	};
	return await retryLostCovers(makeAndSave, () => made.flatMap(({ cover }) => cover ?? []), way);
}

function nameArticle(error: unknown, index: number): unknown {
	if (index === 0 || !(error instanceof UserError)) return error;
	return error.with({ message: `"More Articles", article ${index}: ${error.message}` });
}

export const IF_LOST = 'Before you send it again, see with Draft: Get Many whether it was.';

/** Creates a draft of these articles. Nothing is created before all of their pictures are at WeChat. */
export async function createDraft(articles: DraftFields[], way: PictureWay): Promise<object> {
	const { answer, made } = await saveArticles(
		articles,
		way,
		async (wires) =>
			await way.client.send({
				path: '/cgi-bin/draft/add',
				body: { articles: wires },
				ifLost: IF_LOST,
				isShown: true,
			}),
	);
	return { media_id: answer.media_id, ...describeMade(made) };
}

/** Replaces one article of a draft. */
export async function updateDraft(
	{ mediaId, index }: { mediaId: string; index: number },
	fields: DraftFields,
	way: PictureWay,
): Promise<object> {
	const { made } = await saveArticles(
		[fields],
		way,
		async ([articles]) =>
			await way.client.send({
				path: '/cgi-bin/draft/update',
				body: { media_id: mediaId, index, articles },
				// The same article twice is one.
				safe: true,
				isShown: true,
			}),
	);
	return { media_id: mediaId, index, ...describeMade(made) };
}

/** What the output says of the articles that were made: of the first one plainly, of more in a list. */
function describeMade(made: MadeArticle[]) {
	return {
		...made[0].about,
		...(made.length > 1 && { articles: made.map(({ about }) => about) }),
		notes: made.flatMap(({ notes }, article) =>
			made.length > 1 ? notes.map((note) => ({ article, ...note })) : notes,
		),
	};
}

import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { Client } from '../api/apiClient';
import {
	detectFileType,
	findFileType,
	isTextType,
	readExtension,
	toFileName,
	type FileType,
} from '../base/fileType';
import type { Upload } from '../base/multipart';
import { UserError, type Hints } from '../base/userError';
import { isTool } from '../n8n/nodeError';
import type { ItemFiles } from './define';
import type { Accepted, Field } from './fieldTypes';
import { FieldError } from './parameters';

/** What n8n says about a file; its bytes may say otherwise. */
type Declared = Pick<IBinaryData, 'fileName' | 'fileExtension' | 'mimeType'>;

const NO_FILES = 'names a file of an item, and the tool of an agent gets none';
const NO_FILES_IN_CHINESE =
	'指向数据项中的文件，而 AI Agent 的工具拿不到文件：请在 Agent 之前用 WeChat 节点上传，再把 media_id 或地址告诉 Agent';
const FILES_OF_TOOLS =
	'Upload the file with a WeChat node before the agent, and tell the agent its media ID or address.';

const BINARY_TAB = 'Look at the Binary tab of the input for the names of its fields.';

/** A file as it was found, before anybody has looked at it. */
interface GivenFile {
	bytes: Buffer;
	declared: Declared;
}

/** Fetches files from addresses that anybody may have written. */
export type FileFetcher = Pick<Client, 'fetchWebFile'>;

/**
 * Reads the file in a binary field of an item, and checks that WeChat takes it. The bytes decide what it is; only where
 * they do not show it, name and MIME type do.
 *
 * @throws {FieldError} when the file is empty, too large, of another type or not to be converted, or the node is the tool of an agent.
 */
export async function readUpload(
	context: IExecuteFunctions,
	field: Field,
	name: string,
	item: number,
): Promise<Upload> {
	return await prepareUpload(field, await readItemFile(context, field, name, item));
}

/**
 * Gets the file that a field names, in a binary field of the item or at a web address.
 *
 * @throws {UserError} when it cannot be had.
 */
export const readGivenFile = async (
	context: IExecuteFunctions,
	client: FileFetcher,
	field: Field,
	value: string,
	item: number,
): Promise<GivenFile> =>
	await (field.isWebAddress
		? fetchGivenFile(client, field, value)
		: readItemFile(context, field, value, item));

/** @throws {FieldError} when the item has no such file, or the node is the tool of an agent. */
async function readItemFile(
	context: IExecuteFunctions,
	field: Field,
	name: string,
	item: number,
): Promise<GivenFile> {
	const { helpers } = context;
	if (isTool(context.getNode().type))
		throw new FieldError(field, NO_FILES, NO_FILES_IN_CHINESE).with({ hint: FILES_OF_TOOLS });
	let declared: Declared;
	try {
		// Of n8n, which knows where a workflow keeps its files (binaryMode "combined" of 2.41.1: in the JSON).
		declared = helpers.assertBinaryData(item, name);
	} catch {
		throw new FieldError(
			field,
			`names "${name}", and the item has no such binary field`,
			`指向“${name}”，而数据项中没有这个二进制字段：请在输入的 Binary 标签页中查看字段名`,
		).with({ hint: BINARY_TAB });
	}
	return { declared, bytes: await helpers.getBinaryDataBuffer(item, name) };
}

/**
 * Fetches the file at the web address in a field.
 *
 * @throws {FieldError} when it is no address.
 * @throws {UserError} when nothing is there, or it is inside the network of n8n.
 */
async function fetchGivenFile(
	{ fetchWebFile }: FileFetcher,
	field: Field,
	address: string,
): Promise<GivenFile> {
	const text = address.trim();
	if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
		throw new FieldError(
			field,
			'is no web address: it begins with https:// or http://',
			'不是网址：应以 https:// 或 http:// 开头',
		);
	const url = new URL(text);
	try {
		const { bytes, contentType, fileName } = await fetchWebFile(url);
		const [mimeType] = contentType.split(';');
		return { bytes, declared: { fileName: fileName || readLastName(url), mimeType } };
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		throw error.with({ message: `"${field.displayName}": ${error.message}` });
	}
}

/** What stands behind the last slash of an address. */
function readLastName({ pathname }: URL): string {
	const name = pathname.slice(pathname.lastIndexOf('/') + 1);
	try {
		return decodeURIComponent(name);
	} catch {
		return name;
	}
}

/**
 * Makes of a file what WeChat takes, see {@link Field.accepts}.
 *
 * @throws {FieldError} when it is empty, too large, of another type or not to be converted.
 */
export async function prepareUpload(
	field: Field,
	{ bytes: handed, declared }: GivenFile,
): Promise<Upload> {
	const { accepts } = field;
	if (handed.length === 0) throw new FieldError(field, 'holds an empty file', '中的文件是空的');
	const bytes = await convertUpload(field, handed);
	const detected = detectShown(bytes, accepts);
	const type = detected ?? findDeclared(declared);
	if (accepts && !(type && accepts.extensions.includes(type.extension)))
		throw createTypeError(field, accepts, detected, declared);
	if (accepts && bytes.length > accepts.maxBytes)
		throw new FieldError(
			field,
			`holds ${formatSize(bytes.length)}; WeChat takes ${formatSize(accepts.maxBytes)}`,
			`中的文件为 ${formatSize(bytes.length)}，微信最多接受 ${formatSize(accepts.maxBytes)}`,
		);
	const { fileName = '', mimeType } = declared;
	const extension = type?.extension ?? readDeclaredExtension(declared);
	return {
		bytes,
		fileName: extension ? toFileName(fileName, extension) : fileName || 'file',
		contentType: type?.mimeType ?? mimeType,
	};
}

async function convertUpload(field: Field, bytes: Buffer): Promise<Buffer> {
	try {
		return (await field.accepts?.convert?.(bytes)) ?? bytes;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const { message, hint, chinese = '文件无法使用。' } = error;
		throw new FieldError(field, `holds ${message}`, `：${chinese.replace(/。$/, '')}`).with({
			hint,
		});
	}
}

/** Opens the files of an item to operations that find their names in a text. */
export const openItemFiles = (context: IExecuteFunctions, item: number): ItemFiles => ({
	list: () =>
		isTool(context.getNode().type)
			? []
			: Object.entries(context.getInputData()[item].binary ?? {}).map(
					([field, { fileName = '' }]) => ({ field, fileName }),
				),
	async read(field) {
		if (isTool(context.getNode().type))
			throw new UserError(
				`"binary:${field}" ${NO_FILES}`,
				FILES_OF_TOOLS,
				`“binary:${field}”${NO_FILES_IN_CHINESE}。`,
			);
		if (!context.getInputData()[item].binary?.[field])
			throw new UserError(
				`there is no binary field "${field}"`,
				BINARY_TAB,
				`没有二进制字段“${field}”：请在输入的 Binary 标签页中查看字段名。`,
			);
		return await context.helpers.getBinaryDataBuffer(item, field);
	},
});

/** A page is a text as well, where texts are taken. */
function detectShown(bytes: Buffer, accepts?: Accepted): FileType | undefined {
	const type = detectFileType(bytes);
	const isPlain = type && isTextType(type) && accepts?.extensions.includes('txt');
	return isPlain ? findFileType('txt') : type;
}

const findDeclared = (declared: Declared) =>
	findFileType(readDeclaredExtension(declared)) ?? findFileType(declared.mimeType);

const readDeclaredExtension = ({ fileName = '', fileExtension = '' }: Declared) =>
	readExtension(fileName) || fileExtension.toLowerCase();

function createTypeError(
	field: Field,
	{ extensions }: Accepted,
	detected: FileType | undefined,
	declared: Declared,
): FieldError {
	const extension = readDeclaredExtension(declared);
	const named = extension ? `a .${extension} file` : 'a file without an extension';
	const list = extensions.map((one) => one.toUpperCase()).join(', ');
	const problem = `holds ${detected?.label ?? named}; WeChat takes ${list} here`;
	const kind = detected?.extension ?? extension;
	const found = kind ? ` ${kind.toUpperCase()} 文件` : '没有扩展名的文件';
	const problemInChinese = `中是${found}，微信此处只接受 ${extensions.join('、').toUpperCase()}`;
	if (!detected) return new FieldError(field, problem, problemInChinese);
	const { hint, chinese } = findHint(detected, extensions);
	return new FieldError(field, problem, `${problemInChinese}：${chinese}`).with({
		hint: [field.description, hint].filter(Boolean).join('. '),
	});
}

/** What n8n's node Edit Image reads. */
const EDITABLE: ReadonlySet<string> = new Set(['bmp', 'gif', 'jpg', 'png', 'tif', 'webp']);

/** What files of other kinds are best converted to. */
const TARGETS = ['jpg', 'mp3', 'mp4'];

/** What to do about a file of this kind. */
function findHint(type: FileType, extensions: string[]): Hints {
	if (isTextType(type))
		return {
			hint: 'The node before got a text in place of the file: look at its output',
			chinese: '前一个节点得到的是文本而不是文件，请查看其输出',
		};
	if (EDITABLE.has(type.extension) && extensions.includes('jpg'))
		return {
			hint: 'Put an Edit Image node before this one, and choose JPEG in its option Format',
			chinese: '请在此节点前加一个 Edit Image 节点，并将其选项 Format 设为 JPEG',
		};
	const [main] = type.mimeType.split('/');
	const isOfType = (one: string) => findFileType(one)?.mimeType.startsWith(`${main}/`);
	const target = TARGETS.find((one) => extensions.includes(one) && isOfType(one));
	return target
		? {
				hint: `Convert it to ${target.toUpperCase()} before this node, for example with ffmpeg`,
				chinese: `请在此节点之前转换为 ${target.toUpperCase()}，例如使用 ffmpeg`,
			}
		: {
				hint: 'Choose the binary field of another file',
				chinese: '请选择其他文件的二进制字段',
			};
}

const formatSize = (bytes: number) =>
	bytes >= 1024 * 1024
		? `${Math.ceil((bytes / 1024 / 1024) * 10) / 10} MB`
		: `${Math.ceil(bytes / 1024)} KB`;

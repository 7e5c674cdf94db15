import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { ApiError } from '../http/errors';
import { isOneOf } from './signatures';

export type MediaType = 'image' | 'voice' | 'video' | 'thumb';

export interface Media {
	id: string;
	type: MediaType;
	bytes: Buffer;
	/** With the dot, lower case. */
	extension: string;
	expiresAt: number;
	fileName: string;
	createdAt: number;
}

const MB = 1024 * 1024;
/** 临时素材 live three days. */
const LIFE_MS = 3 * 86_400_000;

type Rules = Record<MediaType, { extensions: string[]; bytes: number; tooLarge: number }>;

/** 素材 limits: what media/upload takes, and the code when a file is larger. */
const rules: Rules = {
	image: { extensions: ['.png', '.jpeg', '.jpg', '.gif'], bytes: 10 * MB, tooLarge: 40009 },
	voice: { extensions: ['.amr', '.mp3'], bytes: 2 * MB, tooLarge: 40010 },
	video: { extensions: ['.mp4'], bytes: 10 * MB, tooLarge: 40011 },
	thumb: { extensions: ['.jpg'], bytes: 64 * 1024, tooLarge: 40012 },
};

/** The same of material/add_material. */
const permanentRules: Rules = {
	...rules,
	image: { ...rules.image, extensions: [...rules.image.extensions, '.bmp'] },
	voice: { ...rules.voice, extensions: [...rules.voice.extensions, '.wma', '.wav'] },
};

export class MediaStore {
	private readonly items = new Map<string, Media>();
	private readonly rules: Rules;

	constructor(
		private readonly now: () => number,
		private readonly permanent = false,
	) {
		this.rules = permanent ? permanentRules : rules;
	}

	/** Stores a file as the API would, or refuses it. */
	upload(type: string, fileName: string, bytes: Buffer): Media {
		if (!isMediaType(type)) throw new ApiError(40004);
		const { extensions, bytes: most, tooLarge } = this.rules[type];
		if (!extensions.includes(extensionOf(fileName))) throw new ApiError(40005);
		// A WebP called .jpg is refused; WeChat may also say 40113. Unconfirmed for a PNG as thumbnail.
		if (!isOneOf(bytes, extensions)) throw new ApiError(40005);
		if (bytes.length > most) throw new ApiError(tooLarge);
		return this.put(type, fileName, bytes);
	}

	/** Stores a file as if a user had sent it; its kind follows from the extension. */
	receive(fileName: string, bytes: Buffer): Media {
		const extension = extensionOf(fileName);
		const type = (['image', 'voice', 'video'] as const).find((kind) =>
			this.rules[kind].extensions.includes(extension),
		);
		if (!type) throw new Error(`No user can send a file called ${fileName}`);
		return this.put(type, fileName, bytes);
	}

	has(id: string): boolean {
		const item = this.items.get(id);
		return item !== undefined && item.expiresAt > this.now();
	}

	get(id: string): Media {
		if (!this.has(id)) throw new ApiError(40007);
		return this.items.get(id) as Media;
	}

	/** Newest first, as lists of permanent material are. */
	all(type: string): Media[] {
		return [...this.items.values()].filter((item) => item.type === type).reverse();
	}

	delete(id: string): void {
		this.items.delete(this.get(id).id);
	}

	private put(type: MediaType, fileName: string, bytes: Buffer): Media {
		const id = randomBytes(48).toString('base64url');
		const createdAt = this.now();
		const expiresAt = this.permanent ? Infinity : createdAt + LIFE_MS;
		const extension = extensionOf(fileName);
		const item = { id, type, bytes, extension, expiresAt, fileName, createdAt };
		this.items.set(id, item);
		return item;
	}
}

const isMediaType = (type: string): type is MediaType => Object.hasOwn(rules, type);

const extensionOf = (fileName: string) => extname(fileName).toLowerCase();

import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { ApiError } from './errors';

export type MediaType = 'image' | 'voice' | 'video' | 'thumb';

export interface Media {
	id: string;
	type: MediaType;
	bytes: Buffer;
	/** With the dot, lower case. */
	extension: string;
	expiresAt: number;
}

const MB = 1024 * 1024;
/** 临时素材 live three days. */
const LIFE_MS = 3 * 86_400_000;

/** 素材 limits: what media/upload takes, and the code when a file is larger. */
const rules: Record<MediaType, { extensions: string[]; bytes: number; tooLarge: number }> = {
	image: { extensions: ['.png', '.jpeg', '.jpg', '.gif'], bytes: 10 * MB, tooLarge: 40009 },
	voice: { extensions: ['.amr', '.mp3'], bytes: 2 * MB, tooLarge: 40010 },
	video: { extensions: ['.mp4'], bytes: 10 * MB, tooLarge: 40011 },
	thumb: { extensions: ['.jpg'], bytes: 64 * 1024, tooLarge: 40012 },
};

export class MediaStore {
	private readonly items = new Map<string, Media>();

	constructor(private readonly now: () => number) {}

	/** Stores a file as the API would, or refuses it. */
	upload(type: string, fileName: string, bytes: Buffer): Media {
		if (!isMediaType(type)) throw new ApiError(40004);
		if (!rules[type].extensions.includes(extensionOf(fileName))) throw new ApiError(40005);
		if (bytes.length > rules[type].bytes) throw new ApiError(rules[type].tooLarge);
		return this.put(type, fileName, bytes);
	}

	/** Stores a file as if a user had sent it; its kind follows from the extension. */
	receive(fileName: string, bytes: Buffer): Media {
		const extension = extensionOf(fileName);
		const type = (['image', 'voice', 'video'] as const).find((kind) =>
			rules[kind].extensions.includes(extension),
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

	private put(type: MediaType, fileName: string, bytes: Buffer): Media {
		const id = randomBytes(48).toString('base64url');
		const expiresAt = this.now() + LIFE_MS;
		const item = { id, type, bytes, extension: extensionOf(fileName), expiresAt };
		this.items.set(id, item);
		return item;
	}
}

const isMediaType = (type: string): type is MediaType => Object.hasOwn(rules, type);

const extensionOf = (fileName: string) => extname(fileName).toLowerCase();

import { UserError } from '../base/userError';

/** Samples from -1 to 1. */
export interface Sound {
	/** In hertz. */
	sampleRate: number;
	channels: Float32Array[];
}

/** How the samples of a file are written. */
interface WavOutline {
	sampleRate: number;
	channels: number;
	readSample: (at: number) => number;
	sampleBytes: number;
	/** Where the samples are. */
	begin: number;
	end: number;
}

interface Chunk {
	id: string;
	begin: number;
	/** As the file says it; it may be more than there is. */
	length: number;
}

const HEADER_BYTES = 44;
const PCM = 1;
const EXTENSIBLE = 0xfffe;

/** From here on a length only says that it is not known: programs write 0x7ffff000, 0x7fffffff and 0xffffffff. */
const UNKNOWN_LENGTH = 0x7fff0000;

const AGAIN = 'Choose mp3, or wav with PCM of 16 bits, as the format of the speech model.';
const AGAIN_IN_CHINESE = '请将语音模型的输出格式设为 mp3，或 16 位 PCM 的 wav';

/** Read a sample, by format (1 PCM, 3 floating point) and bits. @see https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html */
const SAMPLES: Record<string, (bytes: Buffer) => WavOutline['readSample']> = {
	'1/8': (bytes) => (at) => (bytes[at] - 0x80) / 0x80,
	'1/16': (bytes) => (at) => bytes.readInt16LE(at) / 0x8000,
	'1/24': (bytes) => (at) => bytes.readIntLE(at, 3) / 0x80_0000,
	'1/32': (bytes) => (at) => bytes.readInt32LE(at) / 0x8000_0000,
	'3/32': (bytes) => (at) => bytes.readFloatLE(at),
	'3/64': (bytes) => (at) => bytes.readDoubleLE(at),
};

/** Writes a WAV file with samples of 16 bits, which every speech service takes. */
export function writeWav({ sampleRate, channels }: Sound): Buffer {
	const [{ length }] = channels;
	const frameBytes = 2 * channels.length;
	const file = Buffer.alloc(HEADER_BYTES + length * frameBytes);
	file.write('RIFF', 0, 'latin1');
	file.writeUInt32LE(file.length - 8, 4);
	file.write('WAVEfmt ', 8, 'latin1');
	file.writeUInt32LE(16, 16);
	file.writeUInt16LE(PCM, 20);
	file.writeUInt16LE(channels.length, 22);
	file.writeUInt32LE(sampleRate, 24);
	file.writeUInt32LE(sampleRate * frameBytes, 28);
	file.writeUInt16LE(frameBytes, 32);
	file.writeUInt16LE(16, 34);
	file.write('data', 36, 'latin1');
	file.writeUInt32LE(length * frameBytes, 40);
	for (const [channel, samples] of channels.entries())
		for (let n = 0; n < length; n++)
			file.writeInt16LE(toInt16(samples[n]), HEADER_BYTES + n * frameBytes + 2 * channel);
	return file;
}

const toInt16 = (sample: number) =>
	Math.max(-0x8000, Math.min(0x7fff, Math.round(sample * 0x8000)));

/**
 * Reads a WAV file into one channel, up to `maxSeconds`. Speech models send it while they speak, so that its head cannot
 * tell the length: what follows counts then.
 *
 * @returns `seconds` of the whole file
 * @throws {UserError} when it is damaged, cut or compressed, as the end of "The file holds …".
 */
export function readWav(bytes: Buffer, maxSeconds: number): { sound: Sound; seconds: number } {
	const { sampleRate, channels, readSample, sampleBytes, begin, end } = readOutline(bytes);
	const frameBytes = sampleBytes * channels;
	const frames = Math.floor((end - begin) / frameBytes);
	const mono = new Float32Array(Math.min(frames, Math.floor(maxSeconds * sampleRate)));
	for (let n = 0; n < mono.length; n++) {
		let sum = 0;
		for (let channel = 0; channel < channels; channel++)
			sum += readSample(begin + n * frameBytes + channel * sampleBytes);
		// Samples of floating point may be louder than 1, or no number.
		mono[n] = Math.max(-1, Math.min(1, sum / channels)) || 0;
	}
	return { sound: { sampleRate, channels: [mono] }, seconds: frames / sampleRate };
}

function readOutline(bytes: Buffer): WavOutline {
	const chunks = listChunks(bytes);
	const format = chunks.find(({ id }) => id === 'fmt ');
	const data = chunks.find(({ id }) => id === 'data');
	if (!format || format.begin + 16 > bytes.length || !data)
		throw new UserError(
			'a WAV sound that is damaged: it has no format or no samples',
			AGAIN,
			`WAV 音频已损坏，缺少格式信息或采样数据：${AGAIN_IN_CHINESE}。`,
		);
	const tag = bytes.readUInt16LE(format.begin);
	const isExtensible = tag === EXTENSIBLE && format.length >= 40;
	const kind = isExtensible ? bytes.readUInt16LE(format.begin + 24) : tag;
	const channels = bytes.readUInt16LE(format.begin + 2);
	const sampleRate = bytes.readUInt32LE(format.begin + 4);
	const bits = bytes.readUInt16LE(format.begin + 14);
	const createReader = Object.hasOwn(SAMPLES, `${kind}/${bits}`) && SAMPLES[`${kind}/${bits}`];
	if (!createReader || channels === 0 || sampleRate < 8000 || sampleRate > 192_000)
		throw new UserError(
			`a WAV sound of a kind that is not read here (format ${kind}, ${bits} bits, ${channels} channels, ${sampleRate} Hz)`,
			AGAIN,
			`不支持此种 WAV 音频（格式 ${kind}，${bits} 位，${channels} 声道，${sampleRate} Hz）：${AGAIN_IN_CHINESE}。`,
		);
	const frameBytes = (bits / 8) * channels;
	const there = bytes.length - data.begin;
	const isCut = data.length > there && data.length < UNKNOWN_LENGTH;
	// A last sample that is not whole is no reason to refuse the others.
	if (isCut && data.length - there >= frameBytes) {
		const [has, of] = [there, data.length].map((length) => length / frameBytes / sampleRate);
		throw new UserError(
			`a WAV sound that is cut: ${has.toFixed(1)} of ${of.toFixed(1)} seconds are there`,
			'Look at the node that made it: its download may have been broken off.',
			`WAV 音频不完整，${of.toFixed(1)} 秒中只有 ${has.toFixed(1)} 秒：请检查生成它的节点，下载可能中断了。`,
		);
	}
	return {
		sampleRate,
		channels,
		readSample: createReader(bytes),
		sampleBytes: bits / 8,
		begin: data.begin,
		end: data.begin + Math.min(there, data.length),
	};
}

function listChunks(bytes: Buffer): Chunk[] {
	const chunks: Chunk[] = [];
	let at = 12;
	while (at + 8 <= bytes.length) {
		const id = bytes.toString('latin1', at, at + 4);
		const begin = at + 8;
		const length = readLength(bytes, id, at);
		// Of all others there may be any number.
		if (id === 'fmt ' || id === 'data') chunks.push({ id, begin, length });
		if (id === 'data') break;
		at = begin + length + (length % 2);
	}
	return chunks;
}

/** The length 0 before samples means that it is not known. */
function readLength(bytes: Buffer, id: string, at: number): number {
	const length = bytes.readUInt32LE(at + 4);
	return id === 'data' && length === 0 ? 0xffff_ffff : length;
}

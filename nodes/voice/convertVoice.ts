import { detectFileType } from '../base/fileType';
import { decodeAmr, readAmrOutline } from './amr';
import { computeMp3Seconds, encodeMp3 } from './mp3';
import { writeWav } from './wav';

/** `amr` leaves a voice as WeChat sends it. */
export type VoiceFormat = 'amr' | 'mp3' | 'wav';

interface ConvertedVoice {
	bytes: Buffer;
	/** Left away when the file is no voice whose length can be read. */
	voiceSeconds?: number;
	/** What is different from what was asked for, as a sentence. */
	mediaNote?: string;
}

/**
 * Converts a voice that came from WeChat: AMR becomes what speech services take, with its pauses. MP3 stays MP3, and
 * what is no voice stays as it is. Of a voice that is cut, what is there is converted.
 *
 * @throws {UserError} when nothing of an AMR can be played, or it has more than 300 seconds.
 */
export async function convertVoice(bytes: Buffer, format: VoiceFormat): Promise<ConvertedVoice> {
	const outline = readAmrOutline(bytes);
	if (!outline) return describeOther(bytes, format);
	const { seconds, isBroken } = outline;
	const told = {
		voiceSeconds: seconds,
		...(isBroken && {
			mediaNote: `The voice is cut or damaged; ${seconds} seconds of it are there.`,
		}),
	};
	if (format === 'amr') return { bytes, ...told };
	const sound = await decodeAmr(bytes, outline);
	return { bytes: format === 'wav' ? writeWav(sound) : await encodeMp3(sound), ...told };
}

function describeOther(bytes: Buffer, format: VoiceFormat): ConvertedVoice {
	const type = detectFileType(bytes);
	if (type?.extension === 'mp3') {
		const voiceSeconds = Number(computeMp3Seconds(bytes).toFixed(2));
		if (format !== 'wav') return { bytes, voiceSeconds };
		return { bytes, voiceSeconds, mediaNote: 'The voice is MP3, and stays as it is.' };
	}
	const isVoice = type === undefined || type.extension === 'amr';
	if (format === 'amr' || !isVoice) return { bytes };
	return {
		bytes,
		mediaNote:
			'The voice stays as it is: it is no AMR with one channel, perhaps Speex. Use the MediaId of the message in place of MediaId16K.',
	};
}

import { detectFileType } from '../base/fileType';
import { UserError } from '../base/userError';
import { readAmrOutline } from './amr';
import { computeMp3Seconds, encodeMp3 } from './mp3';
import { readWav } from './wav';

/** WeChat's limit of a voice. */
const MAX_SECONDS = 60;
/**
 * What encoders add to 60 seconds. Unconfirmed what WeChat says to it, so it is not refused here; what is encoded here is
 * made shorter instead.
 */
const PADDING_SECONDS = 0.2;

/** What is larger is refused by its size, so nobody counts its frames. */
const MAX_BYTES = 32 * 1024 * 1024;

const SHORTER = 'Let the model say less, or split the text and send several voices.';

/**
 * Makes of a sound what WeChat takes as a voice: WAV becomes MP3 with one channel. All else stays as it is, and who sends
 * it decides whether it fits.
 *
 * @throws {UserError} when it is longer than 60 seconds, or a WAV that cannot be read, as the end of "The file holds …".
 * @see https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html
 */
export async function prepareVoice(bytes: Buffer): Promise<Buffer> {
	const { extension } = detectFileType(bytes) ?? {};
	if (extension !== 'wav' && bytes.length > MAX_BYTES) return bytes;
	if (extension === 'amr') checkLength(readAmrOutline(bytes)?.seconds ?? 0);
	if (extension === 'mp3') checkLength(computeMp3Seconds(bytes));
	if (extension !== 'wav') return bytes;
	const { sound, seconds } = readWav(bytes, MAX_SECONDS - PADDING_SECONDS);
	checkLength(seconds);
	if (sound.channels[0].length === 0)
		throw new UserError(
			'a WAV sound without samples',
			undefined,
			'WAV 音频没有采样数据：请检查生成它的节点。',
		);
	return await encodeMp3(sound);
}

function checkLength(seconds: number): void {
	if (seconds > MAX_SECONDS + PADDING_SECONDS)
		throw new UserError(
			`a voice of ${seconds.toFixed(1)} seconds; WeChat takes ${MAX_SECONDS}`,
			SHORTER,
			`语音长 ${seconds.toFixed(1)} 秒，微信最多接受 ${MAX_SECONDS} 秒：请让模型少说一些，或将文字拆成多条语音发送。`,
		);
}

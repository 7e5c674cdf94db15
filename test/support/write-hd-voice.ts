/**
 * For contributors: writes a voice as Get HD Voice hands it out, for a real player to open.
 *
 *     npx tsx test/support/write-hd-voice.ts voice.ogg && speexdec voice.ogg voice.wav
 */
import { writeFileSync } from 'node:fs';
import { toPlayableVoice } from '../../nodes/Wechat/hdVoice';
import { readSample } from './samples';

const [target = 'voice.ogg'] = process.argv.slice(2);
const voice = { bytes: readSample('speex'), fileName: '', contentType: '' };
writeFileSync(target, toPlayableVoice(voice, 'voice').bytes);

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { convertVoice, type VoiceFormat } from '../../nodes/voice/convertVoice';
import { readWav } from '../../nodes/voice/wav';
import { readVoice } from '../support/voices';
import { median, ratioOf } from './measure';
import { say } from './results';

/**
 * `npm run bench -- --conversations`, part voice: a minute of AMR (12.2 kbit/s, DTX) to WAV, beside the ffmpeg of the
 * machine as a child process, which is what people do without this pack (Debian: `ffmpeg`).
 */

const run = promisify(execFile);
const ROUNDS = 9;
/** The kernel counts the time of children in steps of 10 ms. */
const RUNS = 10;
const TICK_US = 10_000;
const MAX_RATIO = 0.8;

/** Microseconds of CPU that children of this process have used which are gone (proc(5), cutime and cstime). */
function readChildTime(): number {
	const stat = readFileSync('/proc/self/stat', 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
	return (Number(fields[13]) + Number(fields[14])) * TICK_US;
}

/** Microseconds for each run, by a clock that counts on. */
async function measure(read: () => number, work: () => Promise<unknown>): Promise<number> {
	const before = read();
	for (let time = 0; time < RUNS; time++) await work();
	return (read() - before) / RUNS;
}

function readOwnTime(): number {
	const { user, system } = process.cpuUsage();
	return user + system;
}

/** @throws when a length is wrong, or it takes more than 0.8 times the CPU of ffmpeg. */
export async function benchVoice(): Promise<void> {
	const folder = mkdtempSync(join(tmpdir(), 'voice-'));
	try {
		await compareWithFfmpeg(folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function compareWithFfmpeg(folder: string): Promise<void> {
	const voice = readVoice('narrow', 12);
	const [input, output] = [join(folder, 'voice.amr'), join(folder, 'voice.wav')];
	writeFileSync(input, voice);
	const convert = async (format: VoiceFormat) => (await convertVoice(voice, format)).bytes;
	const secondsOf = (wav: Buffer) => readWav(wav, 120).seconds;
	const ms = (us: number) => `${(us / 1000).toFixed(0)} ms`;

	const first = await measureOnce(async () => await convert('wav'));
	const seconds = secondsOf(await convert('wav'));
	if (seconds !== 60) throw new Error(`A minute has become ${seconds} seconds.`);
	const mp3 = await measure(readOwnTime, async () => await convert('mp3'));

	const args = ['-v', 'quiet', '-y', '-f', 'amr', '-i', input, output];
	// Frames of a pause are errors to it, but not to its exit status.
	const ffmpeg = async () => await run('ffmpeg', args);
	await ffmpeg();
	const theirs = secondsOf(readFileSync(output));

	const times = { ours: [] as number[], ffmpeg: [] as number[] };
	for (let round = 0; round < ROUNDS; round++) {
		times.ours.push(await measure(readOwnTime, async () => await convert('wav')));
		times.ffmpeg.push(await measure(readChildTime, ffmpeg));
	}
	const ratio = ratioOf(times.ours, times.ffmpeg);
	const { stdout } = await run('ffmpeg', ['-version']);
	const [, version] = /version (\S+)/.exec(stdout) ?? [];
	say(
		`A minute of AMR (12.2 kbit/s, DTX) to WAV: CPU ${ms(median(times.ours))}, the first with loading ${ms(first)}; ffmpeg ${version} ${ms(median(times.ffmpeg))}: ${ratio.median.toFixed(2)} x (${ratio.low.toFixed(2)} to ${ratio.high.toFixed(2)}), at most ${MAX_RATIO}`,
	);
	say(
		`Its length: ${seconds.toFixed(1)} s, of ffmpeg ${theirs.toFixed(1)} s (${((100 * theirs) / 60).toFixed(0)} %). To MP3: CPU ${ms(mp3)}`,
	);
	if (ratio.median > MAX_RATIO) throw new Error(`More than ${MAX_RATIO} times the CPU of ffmpeg.`);
}

async function measureOnce(work: () => Promise<unknown>): Promise<number> {
	const before = readOwnTime();
	await work();
	return readOwnTime() - before;
}

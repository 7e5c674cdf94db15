import { benchJoining } from './joining';
import { runParts } from './options';
import { benchQuestions } from './questions';
import { benchVoice } from './voice';

const PARTS: Record<string, () => Promise<void>> = {
	joining: benchJoining,
	questions: benchQuestions,
	voice: benchVoice,
};

/** What talking with people costs, part by part; `--only voice` chooses some of them. */
export const benchConversations = async (): Promise<void> => await runParts(PARTS);

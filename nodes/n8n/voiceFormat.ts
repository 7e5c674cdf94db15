import type { INodeProperties } from 'n8n-workflow';

/** The values are those of `VoiceFormat` in the room of voices. */
export const voiceFormat = {
	displayName: 'Voice Format (语音格式)',
	name: 'voiceFormat',
	type: 'options',
	options: [
		{ name: 'As WeChat Sends It (AMR)', value: 'amr' },
		{ name: 'MP3', value: 'mp3' },
		{ name: 'WAV', value: 'wav' },
	],
	default: 'amr',
	description:
		'What voice messages (语音) are converted to. Speech services take WAV and MP3, but no AMR. The item tells the length as voiceSeconds.',
} as const satisfies INodeProperties;

import type { Reply } from '../../nodes/push/reply';

/** The text of a text reply. */
export const contentOf = (reply: Reply | undefined): string | undefined =>
	reply?.MsgType === 'text' ? reply.Content : undefined;

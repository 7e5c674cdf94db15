import type { Account } from '../accounts/account';
import { ApiError } from '../http/errors';
import type { JsonObject } from '../http/json';
import { seconds, type Behavior } from './behavior';
import { publications } from './publications';

/** 50 and more are refused. */
const MAX_COUNT = 49;

function commentsOf(account: Account, { msg_data_id, index = 0 }: JsonObject) {
	// Numbers up to 2^53 are read as such.
	const wanted = String(msg_data_id);
	const found = publications(account).find(({ msgDataId }) => String(msgDataId) === wanted);
	if (!found?.articles[Number(index)]) throw new ApiError(88001);
	return found.comments;
}

function commentAt(account: Account, body: JsonObject) {
	const wanted = String(body.user_comment_id);
	const found = commentsOf(account, body).find((one) => String(one.user_comment_id) === wanted);
	if (!found) throw new ApiError(88008);
	return found;
}

export const commentBehaviors: Record<string, Behavior> = {
	'comment.open': (account, { body }) => {
		commentsOf(account, body);
		return {};
	},

	'comment.close': (account, { body }) => {
		commentsOf(account, body);
		return {};
	},

	'comment.list': (account, { body }) => {
		const count = Number(body.count);
		if (count < 1 || count > MAX_COUNT) throw new ApiError(88010);
		const all = commentsOf(account, body).filter(
			({ comment_type: kind }) => body.type === 0 || kind === Number(body.type) - 1,
		);
		const begin = Number(body.begin);
		return { total: all.length, comment: all.slice(begin, begin + count) };
	},

	'comment.markelect': (account, { body }) => {
		commentAt(account, body).comment_type = 1;
		return {};
	},

	'comment.unmarkelect': (account, { body }) => {
		commentAt(account, body).comment_type = 0;
		return {};
	},

	'comment.delete': (account, { body }) => {
		const comments = commentsOf(account, body);
		comments.splice(comments.indexOf(commentAt(account, body)), 1);
		return {};
	},

	'comment.reply.add': (account, { body, state }) => {
		const comment = commentAt(account, body);
		if (comment.reply) throw new ApiError(88005);
		if (body.content === '') throw new ApiError(88007);
		comment.reply = { content: body.content, create_time: seconds(state.options.now()) };
		return {};
	},

	'comment.reply.delete': (account, { body }) => {
		const comment = commentAt(account, body);
		if (!comment.reply) throw new ApiError(87009);
		delete comment.reply;
		return {};
	},
};

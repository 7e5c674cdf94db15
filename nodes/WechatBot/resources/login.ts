import { defineLocal, defineResource } from '../../engine/define';
import { drawLink, linkPicture } from '../../engine/linkPicture';
import { createLoginLink } from '../../bot/loginLink';
import { isSessionOver } from '../../bot/poller';
import type { BotContext } from '../../n8n/bot';

const define = defineLocal<BotContext>();

/** How the bot is logged in: a person scans a code with WeChat. */
export const login = defineResource<BotContext>('Login (登录)', 'login', [
	define({
		name: 'Get Link',
		value: 'getLink',
		action: 'Get login link',
		chinese: '获取登录链接',
		description:
			'Make a link to the page with the code to scan (扫码登录). Publish a workflow with WeChat Bot Trigger first. The link holds for an hour; whoever scans becomes the person of the bot.',
		fields: [
			{
				displayName: 'Allow Another Person (允许换人登录)',
				name: 'isForAnyone',
				type: 'boolean',
				wire: false,
				default: false,
				description:
					'Whether another WeChat than before may log in. What is saved of people who wrote to the bot stays.',
			},
			...linkPicture,
		],
		async run({ isForAnyone, image, binaryPropertyName }, { account }, { attach }) {
			const link = await createLoginLink(account, isForAnyone);
			if (image) attach(String(binaryPropertyName), await drawLink(link.url, 'login-link.png'));
			return { link: link.url, until: link.until };
		},
	}),
	define({
		name: 'Get State',
		value: 'get',
		action: 'Get login state',
		chinese: '获取登录状态',
		description: 'Get whether the bot is logged in, since when, and what waits to be sent',
		async run(_, { account }) {
			const [known, people, waiting] = await Promise.all([
				account.readLogin(),
				account.contexts.list(),
				account.outbox.count(),
			]);
			if (!known) return { isLoggedIn: false, people: people.length, waiting };
			const poll = await account.readPoll(known.botId);
			return {
				isLoggedIn: !isSessionOver(poll, known.token),
				botId: known.botId,
				userId: known.userId,
				loggedInAt: new Date(known.at).toISOString(),
				people: people.length,
				waiting,
			};
		},
	}),
	define({
		name: 'Log Out',
		value: 'logOut',
		action: 'Log out',
		chinese: '退出登录',
		description:
			'Forget the login: nothing starts any more after a minute at most. To end it for WeChat, too, remove the bot there.',
		async run(_, { account }) {
			await account.removeLogin();
			return { success: true };
		},
	}),
]);

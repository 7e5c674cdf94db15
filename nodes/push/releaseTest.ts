import { readText, type Message } from './message';

/**
 * The accounts by which WeChat tests a third-party platform before it goes public (全网发布检测). One pair
 * of official account and mini program is drawn at random. Source: "Full release test" (全网发布接入检测).
 */
const OFFICIAL_ACCOUNTS: ReadonlySet<unknown> = new Set([
	'gh_3c884a361561',
	'gh_c0f28a78b318',
	'gh_3f222ed8d140',
	'gh_26128078e9ab',
	'gh_2b3713f184a6',
]);
const MINI_PROGRAMS: ReadonlySet<unknown> = new Set([
	'gh_8dad206e9538',
	'gh_905ae9d01059',
	'gh_393666f1fdf4',
	'gh_39abb5d4e1b7',
	'gh_7818dcb60240',
]);

const TEXT = 'TESTCOMPONENT_MSG_TYPE_TEXT';
const CODE = 'QUERY_AUTH_CODE:';

type ReleaseTestStep =
	/** Answer with this text. */
	| { text: string }
	/** Answer with nothing; exchange this code and send `<code>_from_api` as customer service message. */
	| { code: string };

/** What a step of the test asks for; undefined for everything else. */
export function findReleaseTestStep(message: Message): ReleaseTestStep | undefined {
	const { ToUserName, MsgType } = message;
	const isOfficialAccount = OFFICIAL_ACCOUNTS.has(ToUserName);
	if (!isOfficialAccount && !MINI_PROGRAMS.has(ToUserName)) return undefined;
	const content = readText(message, 'Content');
	if (content.startsWith(CODE)) return { code: content.slice(CODE.length) };
	// Mini programs cannot be answered on the connection.
	if (!isOfficialAccount) return undefined;
	if (MsgType === 'text' && content === TEXT) return { text: `${TEXT}_callback` };
	// Not on the current page any more, but asked for until 2018.
	if (MsgType === 'event') return { text: `${readText(message, 'Event')}from_callback` };
	return undefined;
}

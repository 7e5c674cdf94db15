/** The owner of every n8n that the demo and the tests start; n8n is reachable on loopback only. */
export const OWNER = {
	email: 'owner@example.com',
	firstName: 'Demo',
	lastName: 'Owner',
	// n8n asks for eight characters with a digit and a capital letter.
	password: 'Wechat-Demo-1',
} as const;

export interface User {
	email: string;
	password: string;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Answer<T> {
	status: number;
	/** The body; of n8n's internal routes, which wrap it, what is inside `data`. */
	data: T;
}

export interface Login {
	/** The routes that the editor uses. */
	rest<T = unknown>(method: Method, path: string, body?: unknown): Promise<Answer<T>>;
	/** The public API, below /api/v1. */
	api<T = unknown>(method: Method, path: string, body?: unknown): Promise<Answer<T>>;
	cookie: string;
}

// The login cookie is bound to this header: every call has to send the same one.
const BROWSER_ID = 'n8n-nodes-wechat-platform-tests';

/** Creates the owner if there is none, logs in, as the owner or as `user`, and makes a key for the public API. */
export async function logIn(url: string, { email, password }: User = OWNER): Promise<Login> {
	await call('POST', `${url}/rest/owner/setup`, {}, OWNER); // refused when there is one already

	const entered = await call(
		'POST',
		`${url}/rest/login`,
		{},
		{
			emailOrLdapLoginId: email,
			password,
		},
	);
	const cookie = entered.cookies.find((line) => line.startsWith('n8n-auth='))?.split(';')[0];
	if (!cookie)
		throw new Error(`n8n refused the login: ${entered.status} ${JSON.stringify(entered.body)}`);

	const rest = async <T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> => {
		const answer = await call(method, url + path, { cookie }, body);
		return { status: answer.status, data: unwrapped(answer.body) as T };
	};

	// An answered survey keeps the editor from opening with a dialog.
	await rest('POST', '/rest/me/survey', {
		version: 'v4',
		personalization_survey_submitted_at: new Date().toISOString(),
		personalization_survey_n8n_version: '0',
	});
	const key = await makeApiKey(rest);
	const api = async <T>(method: Method, path: string, body?: unknown): Promise<Answer<T>> => {
		const answer = await call(method, `${url}/api/v1${path}`, { 'X-N8N-API-KEY': key }, body);
		return { status: answer.status, data: answer.body as T };
	};
	return { rest, api, cookie };
}

/** Throws what n8n said unless it agreed. */
export function unwrapAnswer<T>(answer: Answer<T>, what: string): T {
	if (answer.status < 300) return answer.data;
	throw new Error(`n8n refused to ${what}: ${answer.status} ${reasonOf(answer.data)}`);
}

/** Without the stack trace that n8n adds. */
function reasonOf(data: unknown): string {
	const message =
		typeof data === 'object' && data !== null && 'message' in data ? data.message : data;
	return typeof message === 'string' ? message : JSON.stringify(message);
}

async function makeApiKey(rest: Login['rest']): Promise<string> {
	const scopes = unwrapAnswer(
		await rest('GET', '/rest/api-keys/scopes'),
		'list the scopes of API keys',
	);
	const key = await rest<{ rawApiKey: string }>('POST', '/rest/api-keys', {
		label: `tests ${Date.now()}`,
		scopes,
		expiresAt: null,
	});
	return unwrapAnswer(key, 'make an API key').rawApiKey;
}

async function call(
	method: Method,
	url: string,
	headers: Record<string, string>,
	body?: unknown,
): Promise<{ status: number; body: unknown; cookies: string[] }> {
	const response = await fetch(url, {
		method,
		headers: {
			'content-type': 'application/json',
			'browser-id': BROWSER_ID,
			// n8n ends connections after five seconds, also while a busy computer sends the next request.
			connection: 'close',
			...headers,
		},
		body: body === undefined ? undefined : JSON.stringify(body),
		signal: AbortSignal.timeout(30_000),
	});
	const text = await response.text();
	return { status: response.status, body: parsed(text), cookies: response.headers.getSetCookie() };
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return text;
	}
}

function unwrapped(body: unknown): unknown {
	return typeof body === 'object' && body !== null && 'data' in body ? body.data : body;
}

import { jsonAnswer, type ApiAnswer, type ApiRequest } from '../http/api';
import { jpeg } from '../accounts/jpeg';
import { behaviors, PICTURES } from './behaviors';
import { noneTwice, read, valuesOf } from './content';
import { endpoints, type Endpoint } from './endpoints';
import { Refusal } from './refusal';
import type { ServerState } from './serverState';

/** Answers one call, or says what is wrong with it. */
export function answerCall(request: ApiRequest, state: ServerState): ApiAnswer {
	if (request.path === PICTURES) return pictureOf(request, state);
	const candidates = endpoints.filter(({ path }) => path === request.path);
	const method = candidates[0]?.method ?? 'POST';
	if (candidates.length === 0 || request.method !== method)
		return plain(404, `Cannot ${request.method} ${request.path}`);
	try {
		const token = checkToken(candidates[0], request, state);
		const given = read(candidates[0], request);
		const endpoint = candidates.find(({ params }) => isLike(params, given)) ?? candidates[0];
		const answer = behaviors[endpoint.id](state, valuesOf(endpoint, given), token);
		if (answer.location) return plain(302, 'Found', { location: answer.location });
		const { headers, ...json } = jsonAnswer(answer.body ?? { errcode: 0, msg: 'ok' });
		return { ...json, headers: { ...headers, 'set-cookie': answer.cookies ?? [] } };
	} catch (error) {
		if (error instanceof Refusal) return jsonAnswer({ errcode: error.errcode, msg: error.message });
		throw error;
	}
}

/** Moving a user and listing the users of a group share a path: the list is asked for without openid. */
const isLike = (params: Endpoint['params'], given: object) =>
	params.every(({ name }) => name !== 'openid') === !('openid' in given);

/** The token comes in the query and nowhere else, and nothing else does. */
function checkToken(endpoint: Endpoint, { query }: ApiRequest, state: ServerState): string {
	if (endpoint.method === 'GET') return '';
	const { access_token: token = '', ...others } = noneTwice(query);
	const [other] = Object.keys(others);
	if (other) throw new Refusal(400, `unknown parameter ${other} in the query`);
	const isNeeded = endpoint.token === undefined;
	if (endpoint.token === 'none' && token) throw new Refusal(400, 'this call takes no access_token');
	if ((isNeeded || token) && !state.isLive(token)) throw new Refusal(401, '请先登录');
	return token;
}

/** Public, as at WeChat. */
function pictureOf({ query }: ApiRequest, { pictures }: ServerState): ApiAnswer {
	if (!pictures.has(query.get('ticket') ?? '')) return plain(404, 'Not Found');
	return { ...plain(200, ''), headers: { 'content-type': 'image/jpg' }, content: jpeg };
}

const plain = (status: number, text: string, headers: Record<string, string> = {}): ApiAnswer => ({
	status,
	headers: { 'content-type': 'text/plain', ...headers },
	content: Buffer.from(text),
	errcode: 0,
});

import { ApiError } from '../http/errors';
import { seconds, type Behavior } from './behavior';

const OPERATORS = ['CHINANET', 'UNICOM', 'CAP', 'DEFAULT'];
const dns = [{ ip: '192.0.2.1', real_operator: 'UNICOM' }];
const ping = [{ ip: '192.0.2.1', from_operator: 'UNICOM', package_loss: '0%', time: '23.079ms' }];

export const diagnosticsBehaviors: Record<string, Behavior> = {
	'callback.check': (_, { body }) => {
		if (!OPERATORS.includes(String(body.check_operator))) throw new ApiError(40203);
		if (body.action === 'all') return { dns, ping };
		if (body.action === 'dns') return { dns };
		if (body.action === 'ping') return { ping };
		throw new ApiError(40202);
	},

	/** Any call that failed, which was over its daily quota; the token in it is shown as WeChat shows it. */
	'rid.get': (_, { body, state }) => {
		if (!/^[0-9a-f]{8}(-[0-9a-f]{8}){2}$/.test(String(body.rid))) throw new ApiError(76002);
		return {
			request: {
				invoke_time: seconds(state.options.now()),
				cost_in_ms: 30,
				request_url: 'access_token=SECRET_TOKEN',
				request_body: '',
				response_body: '{"errcode":45009,"errmsg":"reach max api daily quota limit"}',
				client_ip: '192.0.2.1',
			},
		};
	},
};

import type { Call } from '../../nodes/api/apiClient';
import { runCall } from '../../nodes/engine/callOperation';
import type { Values } from '../../nodes/engine/define';

/** The call that is made for these values of the node. */
async function planCall(params: Values, bearer?: Call['bearer']): Promise<Call> {
	const made: Call[] = [];
	const note = async (call: Call) => {
		made.push(call);
		return {};
	};
	await runCall(
		{
			params: { callFields: {}, ...params } as Parameters<typeof runCall>[0]['params'],
			client: { send: note, download: note },
			call: { path: '/', ifLost: 'Look first.', isShown: true },
			io: {
				list: async () => [],
				attach: () => undefined,
				readUpload: async (_, name) => ({
					bytes: Buffer.from(name),
					fileName: name,
					contentType: 'audio/mpeg',
				}),
			},
		},
		bearer,
	);
	return made[0];
}
const known = async (call: string, callFields: Values = {}, bearer?: Call['bearer']) =>
	await planCall({ callFrom: 'list', call, callFields }, bearer);
const other = async (params: Values) => await planCall({ callFrom: 'path', ...params });

test('only calls that change nothing are sent again, as the record or the user says', async () => {
	const read = { safe: true };
	expect(await known('/cgi-bin/tags/get')).toMatchObject(read);
	expect(await known('/cgi-bin/tags/get')).not.toHaveProperty('ifLost');
	const write = { safe: false, ifLost: 'Look first.' };
	expect(await known('/cgi-bin/tags/update', { tag: {} })).toMatchObject(write);
	expect(await other({ path: '/a/b', method: 'GET' })).toMatchObject(write);
	expect(await other({ path: '/a/b', method: 'POST', isRead: true })).toMatchObject(read);
});

test('the record says whose token allows a call, unless the user does', async () => {
	expect((await known('/wxa/gettemplatelist')).bearer).toBe('component');
	expect((await known('/wxa/gettemplatelist', {}, 'account')).bearer).toBe('account');
	expect((await known('/cgi-bin/tags/get')).bearer).toBeUndefined();
	expect((await known('/cgi-bin/tags/get', {}, 'component')).bearer).toBe('component');
});

test('fixed values of the query go with the call, and nothing that is not in the form', async () => {
	const call = await known('/card/invoice/setbizattr?action=get_contact', { odd: 'x' });
	expect(call).toMatchObject({
		path: '/card/invoice/setbizattr',
		query: { action: 'get_contact' },
		body: {},
	});
});

// Source: "AI开放接口, 提交语音": the sound is the body itself.
test('a file that is the whole body is sent so', async () => {
	const call = await known('/cgi-bin/media/voice/addvoicetorecofortext', {
		format: 'mp3',
		voice_id: '1',
		content: 'sound',
	});
	expect(call.content).toMatchObject({ bytes: Buffer.from('sound'), contentType: 'audio/mpeg' });
	expect(call).not.toHaveProperty('files');
});

test('a body that is not of fields is sent as it is', async () => {
	const call = await known('/tcb/invokecloudfunction', {
		env: 'e',
		name: 'f',
		content: '{"a": 12345678901234567890}',
	});
	expect(String(call.content?.bytes)).toBe('{"a":12345678901234567890}');
});

import { createCallFields, runCall } from '../../engine/callOperation';
import { defineRequestFor, defineResource } from '../../engine/define';
import type { PayV3Client } from '../../payV3/payV3Client';
import { createPayCallServer } from '../payCallServer';

export const api = defineResource<PayV3Client>('API (任意接口)', 'api', [
	defineRequestFor<PayV3Client>()({
		name: 'Call',
		value: 'call',
		action: 'Call API',
		chinese: '调用任意接口',
		description:
			'Make any call of WeChat Pay API v3, also one that has no operation here. Signature, encryption and errors are taken care of. A call that changes something is sent once.',
		path: '/',
		effect: 'write',
		ifLost:
			'Before you send it again, ask WeChat with the call that gets what it makes whether it was carried out. Never choose another number for it before you know.',
		fields: [
			...createCallFields({
				methods: ['DELETE', 'GET', 'PATCH', 'POST', 'PUT'],
				known: '1,000',
				key: {
					placeholder: 'e.g. GET /v3/merchant/fund/balance/{account_type}',
					format: {
						regex: '\\s*[A-Z]+ /.*',
						errorMessage: 'A call is a method, a blank and a path, such as GET /v3/bill/tradebill',
					},
				},
				path: 'e.g. /v3/refund/domestic/refunds/1217752501',
				pathNote: 'Without server, with its values in place of what stands in braces',
			}),
			{
				displayName: 'Encrypted Fields (敏感信息加密)',
				name: 'encryptedFields',
				type: 'string',
				as: 'list',
				wire: false,
				default: '',
				placeholder: 'e.g. user_name, receivers.*.name',
				displayOptions: { show: { callFrom: ['path'] } },
				description:
					'Fields of the body that WeChat wants encrypted, with commas between them; * stands for each entry of a list. The node encrypts them.',
			},
		],
		run: async (run) =>
			await runCall(run, undefined, createPayCallServer(run.client, run.params.encryptedFields)),
	}),
]);

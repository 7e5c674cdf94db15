import { toModelKey } from '../../soter/deviceModel';
import { defineRequest, defineResource, type Field } from '../../engine/define';
import { readVerdict } from '../fields/localOperation';

const byName = { displayOptions: { show: { describeBy: ['name'] } } };

const name = {
	type: 'string',
	wire: false,
	required: true,
	...byName,
	default: '',
} as const satisfies Omit<Field, 'displayName' | 'name'>;

/** Source: wiki of Tencent/soter, "is_support". */
export const device = defineResource('Device (设备)', 'device', [
	defineRequest({
		name: 'Is Supported',
		value: 'isSupported',
		action: 'Ask whether device is supported',
		chinese: '查询设备是否支持 SOTER',
		description:
			'Ask WeChat whether a model of phone has SOTER that it knows (是否支持TENCENT SOTER)',
		path: '/cgi-bin/soter_3rdapp/is_support',
		effect: 'read',
		fields: [
			{
				displayName: 'Describe Device By',
				name: 'describeBy',
				type: 'options',
				wire: false,
				options: [
					{ name: 'Manufacturer and Model', value: 'name', description: 'The node writes the XML' },
					{
						name: 'XML',
						value: 'xml',
						description: 'The model_key, as your app or an older server of yours has it',
					},
				],
				default: 'name',
				description: 'What you know of the device',
			},
			{
				displayName: 'Manufacturer (厂商)',
				name: 'manufacturer',
				...name,
				placeholder: 'e.g. vivo',
				description: 'Build.MANUFACTURER of the phone, as it is',
			},
			{
				displayName: 'Model (机型)',
				name: 'model',
				...name,
				placeholder: 'e.g. vivo X6D',
				description: 'Build.MODEL of the phone, as it is',
			},
			{
				displayName: 'XML',
				name: 'model_key',
				type: 'string',
				required: true,
				displayOptions: { show: { describeBy: ['xml'] } },
				default: '',
				placeholder: 'e.g. <deviceinfo><MANUFACTURER name="vivo">…',
				description: 'The model_key; quotation marks need no escaping here',
			},
			{
				displayName: 'Device Options (设备选项)',
				name: 'deviceOptions',
				type: 'collection',
				placeholder: 'Add option',
				default: {},
				options: [
					{
						displayName: 'SDK Version (SDK版本)',
						name: 'sdk_version',
						type: 'number',
						typeOptions: { minValue: 1 },
						default: 2,
						description:
							'Version of SOTER in the app. From 2 on WeChat also says support_type: 0 none, 1 fingerprint (指纹), 2 face (面容), 3 both.',
					},
				],
			},
		],
		async run({ params, call, client: { send } }) {
			const { describeBy, manufacturer = '', model = '' } = params;
			const written = describeBy === 'name' ? { model_key: toModelKey(manufacturer, model) } : {};
			const answer = await send({ ...call, body: { ...call.body, ...written } });
			return { ...answer, is_support: readVerdict(answer, 'is_support') };
		},
	}),
]);

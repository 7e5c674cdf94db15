import type { Field } from '../../engine/define';
import { createLocator } from '../../n8n/locator';

/** Express parcels (物流快递); all other goods have a description only. */
export const EXPRESS = 1;

const SPLIT = 2;

/** delivery_mode of an order, and is_all_delivered. WeChat lets express parcels alone go in parts. */
export const DELIVERY_MODES = {
	atOnce: { delivery_mode: 1 },
	partsLast: { delivery_mode: SPLIT, is_all_delivered: true },
	partsMore: { delivery_mode: SPLIT, is_all_delivered: false },
};

export const deliveryMode = {
	displayName: 'Delivery Mode (发货模式)',
	name: 'deliveryMode',
	type: 'options',
	wire: false,
	options: [
		{
			name: 'At Once (统一发货)',
			value: 'atOnce',
			description: 'All of an order is in one parcel',
		},
		{
			name: 'In Parts, Last Ones (分拆发货，全部发完)',
			value: 'partsLast',
			description: 'Several parcels, or the last of them: the customer is told',
		},
		{
			name: 'In Parts, More to Come (分拆发货，未发完)',
			value: 'partsMore',
			description: 'One or several parcels, and others later',
		},
	],
	default: 'atOnce',
	description: 'Whether all of an order goes by express in one parcel',
} as const satisfies Field;

export const shippingMethod = {
	displayName: 'Shipping Method (物流模式)',
	name: 'shippingMethod',
	type: 'options',
	wire: false,
	options: [
		{ name: 'Express (物流快递)', value: EXPRESS },
		{ name: 'Pick-Up (用户自提)', value: 4 },
		{ name: 'Same City (同城配送)', value: 2 },
		{ name: 'Virtual (虚拟商品)', value: 3 },
	],
	default: EXPRESS,
	description: 'How the goods reach the customer',
} as const satisfies Field;

/** What is sent. Rows that several values of a field show are lost in the editor when it changes, so one value does. */
export const goodsFields = [
	{
		displayName: 'Parcels (包裹)',
		name: 'parcels',
		type: 'fixedCollection',
		wire: false,
		required: true,
		displayOptions: { show: { shippingMethod: [EXPRESS] } },
		placeholder: 'Add parcel',
		typeOptions: { multipleValues: true },
		maxEntries: 15,
		default: {},
		description: 'What was sent',
		options: [
			{
				displayName: 'Parcel',
				name: 'values',
				values: [
					{
						displayName: 'Company (快递公司)',
						name: 'company',
						...createLocator('searchExpressCompanies', {
							placeholder: 'e.g. SF or 顺丰',
							label: 'By Code or Name',
						}),
						required: true,
						description: 'Express company, by its code or its Chinese name',
					},
					{
						displayName: 'Description (描述)',
						name: 'description',
						type: 'string',
						required: true,
						maxLength: 120,
						default: '',
						placeholder: 'e.g. 羊毛围巾*1',
						description: 'What is in it, as the customer reads it (商品信息)',
					},
					{
						displayName: "Receiver's Phone",
						name: 'receiverPhone',
						type: 'string',
						default: '',
						placeholder: 'e.g. 189****1234',
						description:
							'Needed for SF (顺丰) unless the sender’s is there. A whole number is masked before it is sent.',
					},
					{
						displayName: "Sender's Phone",
						name: 'senderPhone',
						type: 'string',
						default: '',
						placeholder: 'e.g. 189****1234',
						description: 'In place of the receiver’s',
					},
					{
						displayName: 'Waybill Number (快递单号)',
						name: 'trackingNumber',
						type: 'string',
						required: true,
						default: '',
						placeholder: 'e.g. SF1020304050607',
						description: 'The number of the parcel (物流单号)',
					},
				],
			},
		],
	},
	{
		displayName: 'Description (描述)',
		name: 'goods',
		type: 'string',
		wire: false,
		required: true,
		displayOptions: { show: { shippingMethod: [4, 2, 3] } },
		maxLength: 120,
		default: '',
		placeholder: 'e.g. 羊毛围巾*1',
		description: 'What the customer gets, as the customer reads it (商品信息)',
	},
] as const satisfies Field[];

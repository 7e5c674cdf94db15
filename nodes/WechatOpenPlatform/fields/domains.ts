import { type Field } from '../../engine/define';

export const list = { type: 'string', as: 'list', default: '' } as const;

const serverLists = [
	{
		displayName: 'Download',
		name: 'downloaddomain',
		...list,
		maxEntries: 1000,
		placeholder: 'e.g. https://files.example.com',
		description: 'For wx.downloadFile (downloadFile合法域名)',
	},
	{
		displayName: 'Request',
		name: 'requestdomain',
		...list,
		maxEntries: 1000,
		placeholder: 'e.g. https://api.example.com',
		description: 'For wx.request (request合法域名)',
	},
	{
		displayName: 'TCP',
		name: 'tcpdomain',
		...list,
		maxEntries: 1000,
		placeholder: 'e.g. tcp://socket.example.com',
		description: 'For TCP connections (tcp合法域名)',
	},
	{
		displayName: 'UDP',
		name: 'udpdomain',
		...list,
		maxEntries: 1000,
		placeholder: 'e.g. udp://socket.example.com',
		description: 'For UDP messages (udp合法域名)',
	},
	{
		displayName: 'Upload',
		name: 'uploaddomain',
		...list,
		maxEntries: 1000,
		placeholder: 'e.g. https://files.example.com',
		description: 'For wx.uploadFile (uploadFile合法域名)',
	},
	{
		displayName: 'WebSocket',
		name: 'wsrequestdomain',
		...list,
		maxEntries: 1000,
		placeholder: 'e.g. wss://api.example.com',
		description: 'For wx.connectSocket (socket合法域名)',
	},
] as const satisfies Field[];

/** Server domains (服务器域名): at most 1000 in all. */
export const serverDomains = {
	displayName: 'Server Domains (服务器域名)',
	name: 'serverDomains',
	type: 'collection',
	placeholder: 'Add domains',
	default: {},
	description: 'With commas or line breaks between them; at most 1000 in all',
	options: [...serverLists],
} as const satisfies Field;

/** Business domains (业务域名): at most 100; WeChat's earlier limit was 20. */
export const businessDomains = {
	displayName: 'Business Domains (业务域名)',
	name: 'webviewdomain',
	...list,
	maxEntries: 100,
	placeholder: 'e.g. https://www.example.com',
	description:
		'Domains whose pages the mini program may show in a web-view, with commas or line breaks between them; at most 100',
} as const satisfies Field;

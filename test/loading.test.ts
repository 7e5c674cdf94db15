import { dependencies, n8n } from '../package.json';
import { loadPack } from './support/packLoading';

/** What each process of n8n does with the built pack when it starts. */
const started = loadPack('LazyPackageDirectoryLoader');
/** What it does right after an installation, and with a pack in a folder of custom nodes. */
const installed = loadPack('PackageDirectoryLoader');

const nodesIn = (files: string[]) => files.filter((file) => file.endsWith('.node.js'));

// n8n 2.8.4 and 2.41.1: LazyPackageDirectoryLoader reads dist/known and dist/types of a package in .n8n/nodes; a node is
// loaded when a workflow has it, a credential at once (postProcessLoaders of n8n 2.41.1).
test('n8n starts without loading a node, or what nodes need', () =>
	expect(started.files.toSorted()).toEqual(
		[...n8n.credentials, 'dist/nodes/n8n/credentialFields.js'].toSorted(),
	));

test('the editor gets what the nodes and credentials say of themselves', () => {
	const plain = (types: string) =>
		JSON.parse(types, (key, value: unknown) =>
			// n8n notes the names of these methods when it loads a node; nothing reads them afterwards.
			key === '__loadOptionsMethods' ? undefined : value,
		) as Record<'nodes' | 'credentials', unknown[]>;
	expect(plain(started.types)).toEqual(plain(installed.types));
	expect(plain(started.types).nodes).toHaveLength(n8n.nodes.length);
	expect(plain(started.types).credentials).toHaveLength(n8n.credentials.length);
});

test('all nodes are loaded where nothing is written about them', () =>
	expect(nodesIn(installed.files).toSorted()).toEqual(n8n.nodes.toSorted()));

/** Needed by every push, and by every call. */
const READERS = ['fast-xml-parser', 'lossless-json'];

test.each(Object.keys(dependencies).filter((name) => !READERS.includes(name)))(
	'%s is loaded only when a run needs it',
	(name) => {
		const loaded = installed.files.filter((file) => file.startsWith(`node_modules/${name}/`));
		expect(loaded).toEqual([]);
	},
);

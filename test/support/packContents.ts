import { basename, extname, join } from 'node:path';
import type { ICredentialType, INodeType } from 'n8n-workflow';
import { n8n } from '../../package.json';
import { services } from './services';

/** The nodes and credentials that package.json tells n8n to load, for every test and script. */

const root = join(__dirname, '..', '..');

/** A resource of the operation table, as far as lists of operations need it. */
export interface ListedResource {
	name: string;
	value: string;
	operations: Array<{ name: string; value: string }>;
	choice?: { field: { name: string } };
}

/** What a file of nodes/ or credentials/ exports. */
interface Exports<T> {
	/** The class is named after the file, which is how n8n finds it. */
	[className: string]: (new (...parts: unknown[]) => T) | ListedResource[] | undefined;
	resources?: ListedResource[];
}

export interface PackNode {
	/** The class, the folder and the file have this name. */
	className: string;
	node: INodeType;
	/** Of nodes with operations. */
	resources: ListedResource[];
}

export interface PackCredential {
	className: string;
	credential: ICredentialType;
}

export const PACK_NODES: PackNode[] = n8n.nodes.map((file) => {
	const { className, instance, exports } = load<INodeType>(file);
	return { className, node: instance, resources: exports.resources ?? [] };
});

export const PACK_CREDENTIALS: PackCredential[] = n8n.credentials.map((file) => {
	const { className, instance } = load<ICredentialType>(file);
	return { className, credential: instance };
});

/** Loads the source of a built file. @throws {Error} when it does not export the class that n8n looks for. */
function load<T>(built: string) {
	// As this file itself: TypeScript in tests, JavaScript where all was compiled.
	const source = built.replace(/^dist\//, '').replace(/\.js$/, extname(__filename));
	const [className] = basename(source).split('.');
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- the names come from package.json
	const exports = require(join(root, source)) as Exports<T>;
	const Class = exports[className];
	if (typeof Class !== 'function') throw new Error(`${source} does not export ${className}`);
	return { className, instance: new Class(services), exports };
}

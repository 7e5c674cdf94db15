/** What npm has to be told so that the n8n of a given version installs and starts. */
export interface Recipe {
	version: string;
	/** The major version of the Node.js that it runs on. */
	node: number;
	manifest: {
		name: string;
		private: true;
		dependencies: Record<string, string>;
		overrides: Record<string, string>;
	};
	installFlags: string[];
	/** The packages with machine code that an n8n server cannot do without. */
	addons: string[];
}

export function findRecipe(version: string): Recipe {
	const found = RECIPES.find((one) => one.version === version);
	if (found) return found;
	throw new Error(`There is no recipe for n8n ${version}. There are: ${VERSIONS.join(', ')}.`);
}

/** The n8n that runs on the running Node.js, or the oldest one. */
export const findOwnRecipe = (): Recipe =>
	RECIPES.find(({ node }) => node === Number(process.versions.node.split('.')[0])) ?? RECIPES[0];

interface Pins {
	dependencies: Record<string, string>;
	overrides: Record<string, string>;
}

const always = {
	// n8n-nodes-base takes xlsx from a web address; the registry's last one starts n8n just as well.
	xlsx: '0.18.5',
	// The next version depends on a package that the registry does not have.
	linkedom: '0.18.12',
};

/**
 * Without peer resolution npm puts the oldest OpenTelemetry core at the root, and a LangGraph
 * checkpoint that wants a newer LangChain core than n8n pins. n8n swallows the failed imports and
 * only says 'Command "start" not found' or 'Class extends value undefined', so name them at the root.
 */
const older: Pins = {
	dependencies: {
		'@langchain/langgraph-checkpoint': '1.0.0',
		'@opentelemetry/api': '1.9.1',
		'@opentelemetry/core': '2.1.0',
		'@opentelemetry/sdk-trace-base': '2.1.0',
	},
	overrides: always,
};

const newer: Pins = {
	dependencies: {
		'@opentelemetry/api': '1.9.1',
		'@opentelemetry/core': '2.10.0',
	},
	overrides: {
		...always,
		// The newest LangGraph wants a checkpoint that the registry does not have.
		'@langchain/langgraph': '1.3.7',
		'@langchain/langgraph-checkpoint': '1.0.4',
	},
};

function createRecipe(version: string, node: number, pins: Pins): Recipe {
	return {
		version,
		node,
		manifest: {
			name: 'n8n-for-tests',
			private: true,
			dependencies: { n8n: version, ...pins.dependencies },
			overrides: pins.overrides,
		},
		installFlags: [
			// Resolving the peers of the LangChain packages keeps npm busy for many minutes.
			'--legacy-peer-deps',
			// Some packages (a Kafka client, browsers) download or compile much that nobody here needs.
			'--ignore-scripts',
			'--no-progress',
		],
		addons: ['sqlite3', 'isolated-vm'],
	};
}

/** The newest n8n that runs on Node.js 20, and the newest of which the registry has all parts. */
const RECIPES = [createRecipe('2.8.4', 20, older), createRecipe('2.41.1', 24, newer)];

export const VERSIONS = RECIPES.map(({ version }) => version);

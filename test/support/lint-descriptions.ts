/**
 * Lints what the tables become. The rules read literals, and the menus and fields that nodes/engine makes are
 * none; so each description is printed as one and given to both plugins. Part of `npm run lint`.
 */
import { ESLint, type Linter } from 'eslint';
import { connectionStatus } from '../../nodes/n8n/connectionStatus';
import { PACK_NODES } from './packContents';

async function config(): Promise<Linter.Config[]> {
	const { n8nCommunityNodesPlugin } = await import('@n8n/eslint-plugin-community-nodes');
	// @ts-expect-error it comes without types
	const nodesBase = (await import('eslint-plugin-n8n-nodes-base')) as {
		default: ESLint.Plugin & { configs: { nodes: { rules: Linter.RulesRecord } } };
	};
	const { parser } = (await import('typescript-eslint')).default;
	return [
		{
			files: ['**/*.ts'],
			languageOptions: { parser: parser as Linter.Parser },
			plugins: {
				'n8n-nodes-base': nodesBase.default,
				'@n8n/community-nodes': n8nCommunityNodesPlugin as unknown as ESLint.Plugin,
			},
			rules: {
				...nodesBase.default.configs.nodes.rules,
				...(n8nCommunityNodesPlugin.configs.recommended.rules as Linter.RulesRecord),
				// See eslint.config.mjs.
				'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
				'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
				'n8n-nodes-base/node-param-fixed-collection-type-unsorted-items': 'off',
				'n8n-nodes-base/node-param-multi-options-type-unsorted-items': 'off',
				'n8n-nodes-base/node-param-options-type-unsorted-items': 'off',
			},
		},
	];
}

async function main(): Promise<void> {
	const eslint = new ESLint({ overrideConfigFile: true, overrideConfig: await config() });
	let problems = 0;
	for (const { node } of PACK_NODES) {
		const { description } = node;
		const { name, properties } = description;
		// The rules know keys by their bare names.
		const literal = JSON.stringify(
			// Nothing is chosen in one, which two rules for lists cannot know: its file switches them off. A callout is a sentence.
			properties.filter((one) => one !== connectionStatus && one.type !== 'callout'),
			null,
			'\t',
		)
			.replace(/^(\t+)"(\w+)":/gm, '$1$2:')
			// The rules are about English: what stands behind it in Chinese is none of theirs.
			.replace(
				/^(\t+(?:name: "Get Many|action: ".*)) \([^()]*\p{Script=Han}[^()]*\)",$/gmu,
				'$1",',
			);
		const text = `const properties: INodeProperties[] = ${literal};\n`;
		const [{ messages }] = await eslint.lintText(text, {
			filePath: `nodes/${name}.description.ts`,
		});
		const lines = text.split('\n');
		for (const { line, ruleId, message } of messages) {
			problems++;
			console.error(
				`${name}: ${message} (${ruleId})\n${lines.slice(line - 4, line + 3).join('\n')}\n`,
			);
		}
		console.log(
			`${name}: ${properties.length} properties, ${JSON.stringify(description).length} bytes`,
		);
	}
	if (problems > 0) process.exitCode = 1;
}

void main();

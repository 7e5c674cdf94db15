import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import nodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const base = (config) => nodesBase.configs[config].rules;

/** What exported functions begin with: a function is named by what it does. */
const VERBS =
	'accept add answer apply call catch check claim clean clear compare compute convert count create decode decrypt define deploy describe detect download draw encode encrypt end escape exchange execute extract fetch filter find follow forget format get handle has hash highlight inline is join limit list locate log map merge normalize open parse pick plan prepare read rebuild receive redact refresh remember remove render request resolve restore resume retry rewrite route run save search send serve set show sign simplify sort split start summarize take test to update upload validate verify visit wait with write';
const verb = {
	format: null,
	custom: { regex: `^(${VERBS.replaceAll(' ', '|')})(?![a-z])`, match: true },
};

export default tseslint.config(
	{ ignores: ['dist/', 'node_modules/', 'coverage/'] },
	{
		files: ['**/*.ts'],
		extends: [tseslint.configs.recommendedTypeChecked],
		languageOptions: { parserOptions: { project: './tsconfig.json' } },
		rules: {
			'no-console': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
			// Functions of n8n's contexts are called with .call(this), which this rule cannot see.
			'@typescript-eslint/unbound-method': 'off',
			// Interfaces of n8n ask for promises where there is nothing to wait for.
			'@typescript-eslint/require-await': 'off',
			// What comes from outside is made text on purpose, whatever it is.
			'@typescript-eslint/no-base-to-string': 'off',
		},
	},
	{
		...n8nCommunityNodesPlugin.configs.recommended,
		files: ['nodes/**/*.ts', 'credentials/**/*.ts', 'package.json'],
		rules: {
			...n8nCommunityNodesPlugin.configs.recommended.rules,
			// Kept-alive connections, XML and 64-bit ids need libraries; README says what that means.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: {
			...base('nodes'),
			// Both contradict NodeConnectionTypes, which the other plugin asks for.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			// Lists have the order of use: what people need most is first.
			'n8n-nodes-base/node-param-fixed-collection-type-unsorted-items': 'off',
			'n8n-nodes-base/node-param-multi-options-type-unsorted-items': 'off',
			'n8n-nodes-base/node-param-options-type-unsorted-items': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			'@typescript-eslint/naming-convention': [
				'error',
				{ selector: 'function', modifiers: ['exported'], ...verb },
				{ selector: 'variable', modifiers: ['exported'], types: ['function'], ...verb },
			],
		},
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: {
			...base('credentials'),
			// Wants a slug of n8n's own documentation; the other plugin checks that it is an address.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			// Keys are secrets, and whatever the pack saves must not reach the browser.
			'@n8n/community-nodes/credential-unnecessary-password': 'off',
		},
	},
	{
		// Libraries know nothing of n8n: they use Node and throw errors of their own.
		files: [
			'nodes/{api,article,base,bot,callCatalog,engine,pay,payV3,push,redis,replyRules,socialinzenApi,soter,voice}/*.ts',
			'nodes/Wechat/{articleDraft,pictureDraft,pictureUpload,wantedPictures}.ts',
			'nodes/WechatOpenPlatform/fields/linkPicture.ts',
			'nodes/WechatTrigger/{pushDelivery,verifiedRequest}.ts',
			'nodes/conversation/{resumeRun,takeResponse}.ts',
			'nodes/n8n/{credentialReader,webhookResponse}.ts',
		],
		rules: {
			'@n8n/community-nodes/no-restricted-imports': 'off',
			'@n8n/community-nodes/require-node-api-error': 'off',
		},
	},
	{
		// Menus are made from the tables here; the rule wants literals. test/descriptions.test.ts lints the result.
		files: ['nodes/engine/properties.ts'],
		rules: { 'n8n-nodes-base/node-param-default-missing': 'off' },
	},
	{ files: ['test/**/*.ts'], rules: { 'no-console': 'off' } },
	{
		files: ['package.json'],
		extends: [tseslint.configs.disableTypeChecked],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'], project: false },
		},
		plugins: { 'n8n-nodes-base': nodesBase },
		rules: base('community'),
	},
	{ files: ['**/*.{js,mjs}'], extends: [tseslint.configs.disableTypeChecked] },
);

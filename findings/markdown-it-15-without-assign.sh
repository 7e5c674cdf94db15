#!/usr/bin/env bash
# markdown-it 15 has lost helpers that plugins call: some, even in their newest release, do not load.
#
# Expected before it was run: plugins that work with markdown-it 14 work with 15.
# Seen: md.utils has no assign, has and isString any more. markdown-it-multimd-table 4.2.3 (its newest, November 2026) and
# markdown-it-emoji 3.0.0 throw in use(); markdown-it-emoji 3.1.0 and twelve others tried (footnote, container, attrs, anchor,
# sub, sup, ins, mark, deflist, abbr, task-lists, texmath) work as with 14.
#
# Needs Node.js 20 and npm, takes ten seconds. Exits with 1 when one of them behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y > /dev/null
npm install --silent --ignore-scripts --no-audit --no-fund md14@npm:markdown-it@14.1.0 md15@npm:markdown-it@15.0.3 \
	table@npm:markdown-it-multimd-table@4.2.3 emoji30@npm:markdown-it-emoji@3.0.0 emoji31@npm:markdown-it-emoji@3.1.0
cat > run.cjs << 'END'
const load = (name) => require(name).default ?? require(name);
const lists = [];
for (const version of ['md14', 'md15'])
	for (const [name, plugin] of [
		['table', load('table')],
		['emoji30', require('emoji30').full],
		['emoji31', require('emoji31').full],
	]) {
		let seen;
		try {
			const html = new (load(version))().use(plugin).render('| a |\n|---|\n| :tea: |\n');
			seen = html.includes('<table>') ? 'works' : 'renders no table';
		} catch (error) {
			seen = error.message;
		}
		lists.push(`${version} ${name}: ${seen}`);
	}
console.log(lists.join('\n'));
const expected = [
	'md14 table: works',
	'md14 emoji30: works',
	'md14 emoji31: works',
	'md15 table: md.utils.assign is not a function',
	'md15 emoji30: md.utils.assign is not a function',
	'md15 emoji31: works',
];
const same = lists.join() === expected.join();
console.log(same ? 'as expected of these versions' : 'changed');
process.exit(same ? 0 : 1);
END
node run.cjs

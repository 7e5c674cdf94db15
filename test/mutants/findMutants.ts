import ts from 'typescript';

/** One change that takes the edge off a line that refuses something. */
export interface Mutant {
	line: number;
	/** What is replaced, from `start` to `end` of the text. */
	start: number;
	end: number;
	replacement: string;
	/** What becomes of what, on one line: names the mutant as long as the code stays the same. */
	name: string;
}

/** Options and headers that protect; each must be missed when it is gone. */
const PROTECTING =
	/^(authTagLength|bodyTimeout|ca|cert|connect|headersTimeout|maxResponseSize|padding|rejectUnauthorized|requestTls|saltLength|servername|signal|timeout|[a-z]+-[a-z-]+)$/;
/** Options of TLS, where the check of the server could be left out. */
const TLS = /^(connect|requestTls|proxyTls)$/;
/** Calls that are made for nothing but what they refuse or forget. */
const CHECKING = /^(assert|check|verify|setHeader|removeHeader|setAuthTag|setAutoPadding|delete)/;
/** Sums that stand for limits. */
const LIMIT = /^(MAX|LONGEST|MOST)_|^(?!.*PAUSE).*_(MS|BYTES)$/;
/** Where the parts of a text decide what is the same as what. */
const IDENTITY = /key|sign|digest|dedupe|seal/i;

const isComparison = ({ kind }: ts.Node) =>
	kind >= ts.SyntaxKind.LessThanToken && kind <= ts.SyntaxKind.GreaterThanEqualsToken;
const BOUNDARY: Record<string, string> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

/** Whether a statement ends what is going on. */
function isExit(statement: ts.Statement): boolean {
	if (ts.isBlock(statement)) return statement.statements.some(isExit);
	return (
		ts.isReturnStatement(statement) ||
		ts.isThrowStatement(statement) ||
		ts.isContinueStatement(statement) ||
		ts.isBreakStatement(statement)
	);
}

/** Finds all mutants of a file. */
export function findMutants(text: string): Mutant[] {
	const source = ts.createSourceFile('code.ts', text, ts.ScriptTarget.Latest, true);
	const found = new Map<string, Mutant>();

	function add(node: ts.Node, replacement: string, end = node.getEnd()): void {
		const start = node.getStart();
		const before = text.slice(start, end);
		if (before === replacement) return;
		const name = `${before} => ${replacement || 'nothing'}`.replace(/\s+/g, ' ');
		const line = source.getLineAndCharacterOfPosition(start).line + 1;
		found.set(`${start} ${end} ${replacement}`, { line, start, end, replacement, name });
	}

	/** The parts of a condition that decides whether something is refused. */
	function addCondition(node: ts.Expression): void {
		if (ts.isParenthesizedExpression(node)) return addCondition(node.expression);
		if (ts.isPrefixUnaryExpression(node)) return addCondition(node.operand);
		if (!ts.isBinaryExpression(node)) return;
		const { left, right, operatorToken } = node;
		const operator = operatorToken.getText();
		if (operator in BOUNDARY && isComparison(operatorToken))
			add(node, `${left.getText()} ${BOUNDARY[operator]} ${right.getText()}`);
		if (operator !== '&&' && operator !== '||') return;
		const neutral = String(operator === '&&');
		for (const part of [left, right]) {
			add(part, neutral);
			addCondition(part);
		}
	}

	function visit(node: ts.Node): void {
		if (ts.isIfStatement(node)) {
			if (isExit(node.thenStatement)) add(node.expression, 'false');
			addCondition(node.expression);
		}
		if (ts.isConditionalExpression(node)) addCondition(node.condition);
		const result = ts.isReturnStatement(node)
			? node.expression
			: ts.isArrowFunction(node) && !ts.isBlock(node.body)
				? node.body
				: undefined;
		if (result) addCondition(result);
		if (ts.isThrowStatement(node) && !isInIf(node)) add(node, ';');
		if (ts.isReturnStatement(node) && node.expression?.kind === ts.SyntaxKind.FalseKeyword)
			add(node.expression, 'true');
		if (ts.isExpressionStatement(node)) {
			const call = ts.isAwaitExpression(node.expression)
				? node.expression.expression
				: node.expression;
			if (ts.isCallExpression(call) && CHECKING.test(lastName(call))) add(node, ';');
		}
		if (ts.isCallExpression(node)) {
			const [one, other] = node.arguments;
			// The right one, or any beginning of it; of hashes nobody chooses the beginning.
			if (lastName(node) === 'timingSafeEqual' && node.arguments.every(ts.isIdentifier))
				for (const [whole, part] of [
					[one.getText(), other.getText()],
					[other.getText(), one.getText()],
				])
					add(outermost(node), `${whole}.toString().startsWith(${part}.toString())`);
			// The parts of what is signed, or by which things are told apart.
			const list = joinedList(node);
			if (list)
				for (const part of list.elements) add(part, ts.isSpreadElement(part) ? '...[]' : "''");
		}
		if (ts.isTemplateExpression(node) && IDENTITY.test(ownerName(node)))
			for (const { expression } of node.templateSpans) add(expression, "''");
		if (
			(ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) &&
			PROTECTING.test(node.name.getText().replace(/'/g, ''))
		)
			add(node, '', withComma(node.getEnd()));
		if (ts.isPropertyAssignment(node) && TLS.test(node.name.getText()))
			add(node.initializer, `{ ...${node.initializer.getText()}, rejectUnauthorized: false }`);
		if (ts.isStringLiteral(node) && node.text.includes("'none'"))
			add(node, JSON.stringify(`${node.text}; script-src 'unsafe-inline'`));
		// A pattern that is only searched for, or replaced, refuses nothing.
		if (ts.isRegularExpressionLiteral(node) && !isSearched(node)) {
			const [, body, flags] = /^\/(.*)\/(\w*)$/s.exec(node.text) ?? ['', '', ''];
			if (body.startsWith('^')) add(node, `/${body.slice(1)}/${flags}`);
			if (/[^\\]\$$/.test(body)) add(node, `/${body.slice(0, -1)}/${flags}`);
		}
		if (
			ts.isVariableDeclaration(node) &&
			node.initializer &&
			LIMIT.test(node.name.getText()) &&
			/^[\d_ *+.()]+$/.test(node.initializer.getText())
		)
			add(node, `${node.name.getText()} = (${node.initializer.getText()}) * 4`);
		// How two are put in order refuses neither.
		if (ts.isCallExpression(node) && lastName(node) === 'sort') visit(node.expression);
		else ts.forEachChild(node, visit);
	}

	const withComma = (end: number) => end + (/^\s*,/.exec(text.slice(end))?.[0].length ?? 0);

	visit(source);
	return [...found.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** The condition in front of it is a mutant already. */
function isInIf(node: ts.Node): boolean {
	const { parent } = node;
	if (ts.isBlock(parent)) return isInIf(parent) && parent.statements.length === 1;
	return ts.isIfStatement(parent) && parent.thenStatement !== undefined;
}

const isSearched = ({ parent }: ts.Node): boolean =>
	(ts.isCallExpression(parent) &&
		/^(replace|replaceAll|split|match|matchAll)$/.test(lastName(parent))) ||
	(ts.isPropertyAccessExpression(parent) && parent.name.text === 'exec');

const lastName = ({ expression }: ts.CallExpression): string =>
	ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText();

/** The whole comparison around a call: with what is checked before it, and what is made of it. */
function outermost(node: ts.Node): ts.Node {
	const { parent } = node;
	const isPart =
		ts.isBinaryExpression(parent) ||
		ts.isParenthesizedExpression(parent) ||
		ts.isPrefixUnaryExpression(parent);
	return isPart ? outermost(parent) : node;
}

/** The list in `[a, b].sort().join('')` and its like. */
function joinedList(node: ts.CallExpression): ts.ArrayLiteralExpression | undefined {
	if (!['join', 'sort', 'update'].includes(lastName(node))) return undefined;
	const { expression } = node;
	if (!ts.isPropertyAccessExpression(expression)) return undefined;
	return ts.isArrayLiteralExpression(expression.expression) ? expression.expression : undefined;
}

/** The name of the function or constant that a text is made for. */
function ownerName(node: ts.Node): string {
	for (let at = node.parent; at; at = at.parent) {
		if (ts.isThrowStatement(at) || ts.isNewExpression(at)) return '';
		if (
			(ts.isVariableDeclaration(at) ||
				ts.isFunctionDeclaration(at) ||
				ts.isPropertyAssignment(at)) &&
			at.name
		)
			return at.name.getText();
	}
	return '';
}

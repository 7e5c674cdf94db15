/** Weights of an ID, of a class, attribute or pseudo-class, and of an element: no selector has a thousand of one kind. */
const ID = 1_000_000;
const CLASS = 1000;
const ELEMENT = 1;

/** Groups whose own name counts for nothing, but what stands in them does. */
const TRANSPARENT = /:(?:not|is|has|matches)\(/gi;

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/**
 * Computes how far a selector goes before others: the larger number counts. Of a list in `:is()` all parts are added
 * up, where a browser takes the largest.
 *
 * @see https://www.w3.org/TR/selectors-4/#specificity-rules
 */
export function computeSpecificity(selector: string): number {
	const bare = selector
		.replace(/\\./g, 'x')
		.replace(/"[^"]*"|'[^']*'/g, '')
		.replace(/:where\([^()]*\)/gi, '')
		.replace(TRANSPARENT, ' ');
	const attributes = /\[[^\][]*\]/g;
	const rest = bare.replace(attributes, '');
	const pseudoElements = /::[\w-]+/g;
	const named = rest.replace(pseudoElements, '');
	const pseudoClasses = /:[\w-]+(?:\([^()]*\))?/g;
	const plain = named.replace(pseudoClasses, '');
	return (
		ID * count(plain, /#[^\s.#:>+~,()]+/g) +
		CLASS *
			(count(bare, attributes) + count(named, pseudoClasses) + count(plain, /\.[^\s.#:>+~,()]+/g)) +
		ELEMENT * (count(rest, pseudoElements) + count(plain, /(?<![\w.#-])[a-z][\w-]*/gi))
	);
}

/**
 * What is used of highlight.js 11. Its own types bring those of a browser with them, which then differ from those of
 * Node.js in the whole project.
 */
declare const grammarOrCore: {
	registerLanguage(name: string, grammar: unknown): void;
	getLanguage(name: string): object | undefined;
	highlight(
		code: string,
		options: { language: string; ignoreIllegals?: boolean },
	): { value: string };
};
export default grammarOrCore;

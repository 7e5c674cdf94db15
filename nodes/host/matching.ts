/** Whether a text holds what somebody typed to search a list; capitals do not count. */
export const matching = (filter: string) => (text: string) =>
	text.toLowerCase().includes(filter.toLowerCase());

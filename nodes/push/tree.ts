/** What WeChat said, under WeChat's own keys. Every leaf is text; what repeats is a list. */
export type Message = { [key: string]: Value };
export type Value = string | Message | Value[];

/** What we say: text, or numbers where WeChat wants them bare. */
export type Tree = { [key: string]: Tree | Tree[] | string | number };

/** What WeChat repeats. Of these a list is made even when there is only one. */
export const REPEATED: ReadonlySet<string> = new Set(['item', 'List', 'list', 'fail_idx']);

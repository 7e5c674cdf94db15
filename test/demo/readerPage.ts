/** The page around an article, as far as it changes what is seen in it. */
const STYLE =
	'*{margin:0;padding:0}body{padding:20px 16px;font-family:system-ui,sans-serif;font-size:17px;line-height:1.6;overflow-wrap:break-word}body>h1{font-size:22px;line-height:1.4;font-weight:500;margin-bottom:12px}body>p{font-size:15px;margin-bottom:20px;opacity:.6}';
const COLORS = { light: 'background:#fff;color:#191919', dark: 'background:#191919;color:#a3a3a3' };

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => SIGNS[sign]);

/** An article as its reader opens it in WeChat. The content stays as it is: show it where no script runs. */
export const toReaderPage = (
	{ title, author, content }: { title: string; author: string; content: string },
	colorScheme: keyof typeof COLORS = 'light',
): string =>
	`<!doctype html><meta charset="utf-8"><title>${escapeHtml(title)}</title><style>${STYLE}body{${COLORS[colorScheme]}}</style><h1>${escapeHtml(title)}</h1><p>${escapeHtml(author)}</p>${content}`;

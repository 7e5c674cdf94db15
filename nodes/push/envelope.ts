import { formatOf, readMessage } from './message';
import { Refusal } from './refusal';

const START = '<Encrypt><![CDATA[';
const END = ']]></Encrypt>';
const ADDRESS = String.raw`<(ToUserName|AppId)><!\[CDATA\[[\w@.-]*\]\]></\1>`;
const BEFORE = new RegExp(String.raw`^\s*<xml>\s*(?:${ADDRESS}\s*)?$`);
const AFTER = new RegExp(String.raw`^\s*(?:${ADDRESS}\s*)?</xml>\s*$`);

/**
 * The encrypted text in a push of safe or compatible mode.
 *
 * In safe mode nothing but this shape comes (`ToUserName` for accounts, `AppId` for third-party
 * platforms), so it is cut out and what stands around it is checked. That takes a fraction of the
 * time of a parser, which would walk over kilobytes of Base64. Everything else that has an `Encrypt`
 * (compatible mode with its plain fields beside it, JSON) is parsed.
 */
export function envelopeOf(body: string): string {
	const start = body.indexOf(START);
	const end = body.lastIndexOf(END);
	if (
		start >= 0 &&
		end > start &&
		BEFORE.test(body.slice(0, start)) &&
		AFTER.test(body.slice(end + END.length))
	)
		return body.slice(start + START.length, end);
	const { Encrypt } = readMessage(body);
	if (typeof Encrypt !== 'string' || Encrypt === '')
		throw new Refusal(
			403,
			`The ${formatOf(body).toUpperCase()} body has no Encrypt, but the address says that the push is encrypted.`,
		);
	return Encrypt;
}

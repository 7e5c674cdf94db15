import { joinChat, startSimulator, type Person, type Simulator } from '..';
import { startPushReceiver, type PushReceiver } from './support';

let simulator: Simulator;
let hook: PushReceiver;
let person: Person;

beforeEach(async () => {
	simulator = await startSimulator();
	hook = await startPushReceiver();
	const [openid] = simulator.openids();
	const push = async (message: object) =>
		await simulator.push(hook.url, { ...message }, { mode: 'plaintext' });
	person = joinChat(simulator, { openid, push });
});

afterEach(async () => {
	person.leave();
	await Promise.all([simulator, hook].map((one) => one.close()));
});

const readLast = () => hook.received.at(-1)?.body ?? '';

/** As an account sends it. */
async function send(message: Record<string, unknown>): Promise<void> {
	const { appId, secret } = simulator.account;
	const tokens = await fetch(`${simulator.url}/cgi-bin/stable_token`, {
		method: 'POST',
		body: JSON.stringify({ grant_type: 'client_credential', appid: appId, secret }),
	});
	const { access_token: token } = (await tokens.json()) as { access_token: string };
	const answer = await fetch(`${simulator.url}/cgi-bin/message/custom/send?access_token=${token}`, {
		method: 'POST',
		body: JSON.stringify({ touser: person.openid, ...message }),
	});
	expect(await answer.json()).toMatchObject({ errcode: 0 });
}

test('a tap on a choice of a menu comes back as its text and its ID', async () => {
	const list = [
		{ id: '101', content: '满意' },
		{ id: '102', content: '不满意' },
	];
	await send({ msgtype: 'msgmenu', msgmenu: { head_content: 'Well?', list, tail_content: '' } });
	expect(person.seen).toEqual(['Well?\n[满意]\n[不满意]']);
	await person.tap('不满意');
	expect(readLast()).toContain('<Content><![CDATA[不满意]]></Content>');
	expect(readLast()).toContain('<bizmsgmenuid><![CDATA[102]]></bizmsgmenuid>');
});

test('a tap on a link of a text comes back as what the link holds', async () => {
	const href = 'weixin://bizmsgmenu?msgmenucontent=Yes, please&msgmenuid=7';
	await send({ msgtype: 'text', text: { content: `Tea? <a href="${href}">Tea</a>` } });
	await person.tap('Tea');
	expect(readLast()).toContain('<Content><![CDATA[Yes, please]]></Content>');
	expect(readLast()).toContain('<bizmsgmenuid><![CDATA[7]]></bizmsgmenuid>');
});

test('nobody taps on what is not there', async () => {
	await expect(person.tap('Yes')).rejects.toThrow('Nothing in the chat says "Yes"');
});

test('messages to others are not seen', async () => {
	const [, other] = simulator.openids();
	await send({ touser: other, msgtype: 'text', text: { content: 'psst' } });
	expect(person.seen).toEqual([]);
});

test('pictures, places and voice messages look as those of a phone', async () => {
	await person.sendPicture(Buffer.from('picture'));
	expect(readLast()).toMatch(/<MsgType><!\[CDATA\[image\]\]>.*<PicUrl>.*\/simulator\/media\//s);
	await person.sendLocation({ latitude: 31.2, longitude: 121.4, label: '上海' });
	expect(readLast()).toMatch(/<Location_X>.*31\.2.*<Location_Y>.*121\.4.*<Label>.*上海/s);
	await person.sendVoice({ bytes: Buffer.from('#!AMR\n') });
	expect(readLast()).toMatch(/<MsgType><!\[CDATA\[voice\]\]>.*<Format><!\[CDATA\[amr\]\]>/s);
	expect(readLast()).not.toContain('MediaId16K');
	await person.sendVoice({ bytes: Buffer.from('#!AMR\n'), wide: Buffer.from('#!AMR-WB\n') });
	expect(readLast()).toContain('<MediaId16K>');
});

import { Feed, type Item } from './feed';

const typing = (id: string, isTyping = true): Item => ({ type: 'typing', id, isTyping });
const bubble = (id: number): Item => ({
	type: 'bubble',
	id: String(id),
	account: 'own',
	from: 'user',
	at: id,
	bubble: { kind: 'fault' },
});

function readAll(feed: Feed): Item[] {
	const items: Item[] = [];
	feed.read((item) => items.push(item))();
	return items;
}

test('an item replaces the one with its type and id, in its place', () => {
	const feed = new Feed();
	for (const item of [typing('a'), typing('b'), typing('a', false)]) feed.put(item);
	expect(readAll(feed)).toEqual([typing('a', false), typing('b')]);
});

test('of each type the last 200 are kept', () => {
	const feed = new Feed();
	feed.put(typing('a'));
	for (let id = 1; id <= 250; id++) feed.put(bubble(id));
	const items = readAll(feed);
	expect(items).toHaveLength(201);
	expect(items[0]).toEqual(typing('a'));
	expect(items[1]).toEqual(bubble(51));
});

test('readers hear of what is new until they leave', () => {
	const feed = new Feed();
	const received: Item[] = [];
	const leave = feed.read((item) => received.push(item));
	feed.put(typing('a'));
	leave();
	feed.put(typing('b'));
	expect(received).toEqual([typing('a')]);
});

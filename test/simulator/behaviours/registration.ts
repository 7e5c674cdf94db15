import { randomKey, type Account } from '../account';
import { Codes } from '../codes';
import type { World } from './behaviour';

const TICKET_MS = 3_600_000;
const ticketsOf = new WeakMap<World, Codes<Account>>();

function ticketsIn(world: World): Codes<Account> {
	const known = ticketsOf.get(world);
	if (known) return known;
	const tickets = new Codes<Account>(TICKET_MS, world.options.now, () => randomKey(40));
	ticketsOf.set(world, tickets);
	return tickets;
}

/** What the page fastregisterauth hands to the platform when the owner agreed. */
export const registrationTicket = (account: Account, world: World): string =>
	ticketsIn(world).issue(account);

import { join } from 'node:path';
import { runCommand } from '../services/command';
import { createN8nVariables } from './environmentVariables';
import { unwrapAnswer, OWNER, type Login } from './login';
import { openSession, type Session } from './session';
import type { TestEnvironment } from '../testEnvironment';

const MEMBER = { ...OWNER, email: 'member@example.com', firstName: 'Other', lastName: 'Member' };

/** Somebody else with a login of the same n8n, who may do nothing in particular (global:member). */
export async function inviteMember({ n8n, session }: TestEnvironment): Promise<Session> {
	const invitation = [{ email: MEMBER.email, role: 'global:member' }];
	const invited = await session.rest<Array<{ user: { id: string; inviteAcceptUrl?: string } }>>(
		'POST',
		'/rest/invitations',
		invitation,
	);
	const [{ user }] = unwrapAnswer(invited, 'invite a member');
	const address = user.inviteAcceptUrl ?? (await inviteLink(session, user.id));
	const { token, inviterId } = Object.fromEntries(new URL(address).searchParams);
	// Older versions name both people in the link, newer ones a token.
	const path = token ? '/rest/invitations/accept' : `/rest/invitations/${user.id}/accept`;
	const { firstName, lastName, password } = MEMBER;
	const accepted = await session.rest('POST', path, {
		...(token ? { token } : { inviterId }),
		firstName,
		lastName,
		password,
	});
	unwrapAnswer(accepted, 'let the member in');
	return await openSession(n8n.url, MEMBER);
}

async function inviteLink({ rest }: Login, id: string): Promise<string> {
	const made = await rest<{ link: string }>('POST', `/rest/users/${id}/invite-link`);
	return unwrapAnswer(made, 'make a link for the member').link;
}

/**
 * Lets a member use a credential (role credential:user). The dialog for it needs a license, the rules behind it do
 * not: so the one row that the dialog writes is written into n8n's database.
 */
export async function shareCredential(
	{ n8nFiles, userFolder }: Pick<TestEnvironment, 'n8nFiles' | 'userFolder'>,
	credentialId: string,
	member: Login,
): Promise<void> {
	const personal = await member.rest<{ id: string }>('GET', '/rest/projects/personal');
	const { id } = unwrapAnswer(personal, 'name the project of the member');
	const script = `
		const { Database } = require(process.argv[2]);
		const sql = 'INSERT INTO shared_credentials ("credentialsId", "projectId", role) VALUES (?, ?, ?)';
		new Database(process.argv[1]).run(sql, process.argv.slice(3), (error) => {
			if (error) throw error;
		});`;
	const database = join(userFolder, '.n8n', 'database.sqlite');
	const sqlite = join(n8nFiles.dir, 'node_modules', 'sqlite3');
	const args = ['-e', script, database, sqlite, credentialId, id, 'credential:user'];
	await runCommand(n8nFiles.node, args, { env: createN8nVariables(n8nFiles, userFolder, 0, 0) });
}

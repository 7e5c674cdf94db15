import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { ICredentialDataDecryptedObject, INodeCredentials } from 'n8n-workflow';
import { Credentials } from '../../support/credentials';

/** A credential that processes share, as they share n8n's database. It outlives all of them. */
export class FileCredentials extends Credentials {
	override readonly stored: Map<string, ICredentialDataDecryptedObject>;
	override readonly id = 'shared';
	override readonly references: INodeCredentials;

	constructor(file: string, type: string) {
		super({}, type);
		this.stored = new FileMap(file);
		this.references = { [type]: { id: this.id, name: 'Account' } };
	}
}

export function writeCredential(file: string, data: ICredentialDataDecryptedObject): void {
	// Whoever reads sees all of it, the old or the new.
	const written = `${file}.${randomUUID()}`;
	writeFileSync(written, JSON.stringify(data));
	renameSync(written, file);
}

class FileMap extends Map<string, ICredentialDataDecryptedObject> {
	constructor(private readonly file: string) {
		super();
	}

	override get(): ICredentialDataDecryptedObject {
		return JSON.parse(readFileSync(this.file, 'utf8')) as ICredentialDataDecryptedObject;
	}

	override set(_: string, data: ICredentialDataDecryptedObject): this {
		writeCredential(this.file, data);
		return this;
	}
}

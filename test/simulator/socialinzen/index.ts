import { callLater } from '../http/callLater';
import { ApiServer } from '../http/server';
import type { Call, Fault } from '../types';
import { answerCall } from './answer';
import type { Rule } from './rules';
import { recordId, ServerState, type Follower, type Material } from './serverState';

export interface SocialinzenOptions {
	/** 0 lets the system choose. */
	port: number;
	latencyMs: number;
	tokenSeconds: number;
	followers: number;
	/** Of the official account behind the server. */
	appId: string;
	username: string;
	password: string;
	/** Milliseconds since 1970, so that tests can move the clock. */
	now: () => number;
}

export interface Socialinzen extends Pick<SocialinzenOptions, 'appId' | 'username' | 'password'> {
	url: string;
	/** The last 10,000 calls. */
	readonly calls: Call[];
	count(path: string): number;
	fault(fault: Fault): void;
	clearFaults(): void;
	/** Tokens that hold. */
	tokens(): string[];
	/** No token holds any longer. */
	endTokens(): void;
	changePassword(password: string): void;
	/** Opens the link in the mail that a new user gets. */
	confirm(username: string): void;
	readonly rules: Rule[];
	addRule(rule: Rule): void;
	readonly followers: Follower[];
	/** Stores a file and returns its ID. */
	addMaterial(kind: string, fileName: string): string;
	readonly materials: Material[];
	addGroup(name: string): number;
	groups(): Record<number, string>;
	close(): Promise<void>;
}

const DEFAULTS: SocialinzenOptions = {
	port: 0,
	latencyMs: 0,
	tokenSeconds: 7200,
	followers: 3,
	appId: 'wxd222ec9daccce0b9',
	username: 'nathan',
	password: 'pass word&1=中',
	now: Date.now,
};

/** Starts a Socialinzen server (socialinzen微信开放平台) on 127.0.0.1, with one user who can log in. */
export async function startSocialinzen(
	overrides: Partial<SocialinzenOptions> = {},
): Promise<Socialinzen> {
	const options = { ...DEFAULTS, ...overrides };
	const { appId, username, password } = options;
	const state = new ServerState(options);
	const owner = { id: recordId(), password, isConfirmed: true };
	state.users.set(username, owner);
	const server = new ApiServer((request) => answerCall(request, state), {
		latencyMs: options.latencyMs,
		later: callLater,
	});
	state.url = await server.listen(options.port);

	return {
		appId,
		username,
		password,
		url: state.url,
		calls: server.log.calls,
		count: (path) => server.log.countOf(path),
		fault: (fault) => server.addFault(fault),
		clearFaults: () => server.clearFaults(),
		tokens: () => [...state.tokens.keys()].filter((token) => state.isLive(token)),
		endTokens: () => state.tokens.clear(),
		changePassword: (changed) => void (owner.password = changed),
		confirm(name) {
			const user = state.users.get(name);
			if (!user) throw new Error(`Nobody has registered as ${name}`);
			user.isConfirmed = true;
		},
		get rules() {
			return [...state.rules.values()];
		},
		addRule: (rule) => void state.rules.set(rule.request, rule),
		followers: state.followers,
		addMaterial: (kind, fileName) =>
			state.addFile(kind, { fileName, contentType: '', bytes: Buffer.from(fileName) }).id,
		materials: state.materials,
		addGroup: (name) => state.addGroup(name),
		groups: () => Object.fromEntries(state.groups),
		close: async () => await server.close(),
	};
}

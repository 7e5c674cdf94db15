import { ApiError } from '../http/errors';
import { seconds, type SimulatorState } from './behavior';

/** What a developer uploaded from the devtools for the platform's development mini program. */
export interface Source {
	user_version: string;
	user_desc: string;
	/** Seconds. */
	create_time: number;
	pages: string[];
	/** The code asks where users are, so that ext_json must declare requiredPrivateInfos. */
	usesLocation: boolean;
}

export interface Template extends Source {
	template_id: number;
	/** 0 ordinary (普通模板), 1 standard (标准模板). */
	template_type: number;
}

/** 模板库: the platform's study gives it fifty places. */
const PLACES = 50;

/** What the platform has for all of its mini programs: code, and the domains of the console. */
export class CodeLibrary {
	readonly drafts = new Map<number, Source>();
	readonly templates = new Map<number, Template>();
	/** 小程序服务器域名 and 小程序业务域名 of the platform. */
	readonly domains = { server: ['example.com'], jump: ['example.com'] };
	/** How long the check of privacy APIs takes after a commit, in milliseconds; by account. */
	readonly privacyCheckMs = new Map<string | undefined, number>();
	private nextDraft = 1;
	private nextTemplate = 1;

	constructor(private readonly now: () => number) {}

	/** A draft box holds one upload of each mini program; another one uploads here each time. */
	upload(source: Partial<Source>): number {
		const draft_id = this.nextDraft++;
		this.drafts.set(draft_id, {
			user_version: '1.0.0',
			user_desc: 'First version',
			create_time: seconds(this.now()),
			pages: ['pages/index/index', 'pages/logs/logs'],
			usesLocation: false,
			...source,
		});
		return draft_id;
	}

	add(draft_id: number, template_type: number): void {
		const draft = this.drafts.get(draft_id);
		if (!draft) throw new ApiError(85064);
		if (this.templates.size >= PLACES) throw new ApiError(85065);
		const template_id = this.nextTemplate++;
		this.templates.set(template_id, { ...draft, template_id, template_type });
	}

	/** Whether a host, or one above it, is registered with the platform. */
	allows(which: 'server' | 'jump', domain: string): boolean {
		const host = domain.replace(/^\w+:\/\//, '');
		return this.domains[which].some((known) => host === known || host.endsWith(`.${known}`));
	}
}

const libraries = new WeakMap<SimulatorState, CodeLibrary>();

export function libraryOf(state: SimulatorState): CodeLibrary {
	const library = libraries.get(state) ?? new CodeLibrary(state.options.now);
	libraries.set(state, library);
	return library;
}

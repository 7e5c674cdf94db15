import { randomKey } from '../accounts/account';
import { isObject, type JsonObject } from '../http/json';
import type { PushMessage } from '../types';
import type { SimulatorState } from './behavior';

/** Nobody can confirm any more after a day. */
const LIFE_MS = 86_400_000;

class Task {
	readonly id = randomKey(16);
	/** As the push that ends the task says. */
	status?: number;

	constructor(
		readonly fields: JsonObject,
		private readonly now: () => number,
		private readonly endsAt = now() + LIFE_MS,
	) {}

	get isRunning(): boolean {
		return this.status === undefined && this.endsAt > this.now();
	}

	/** Whether what both name is the same. */
	matches(fields: JsonObject): boolean {
		const shared = Object.keys(fields).filter((name) => Object.hasOwn(this.fields, name));
		return (
			shared.length > 0 &&
			shared.every((name) => String(this.fields[name]) === String(fields[name]))
		);
	}

	describe(): JsonObject {
		const authorize_url = `https://mp.weixin.qq.com/wxopen/fastregister?id=${this.id}`;
		return { taskid: this.id, authorize_url, status: this.status ?? 0 };
	}
}

class Tasks {
	private readonly all: Task[] = [];

	constructor(private readonly now: () => number) {}

	start(fields: JsonObject): Task {
		const task = new Task(fields, this.now);
		this.all.push(task);
		return task;
	}

	/** The last one with these fields. */
	find(fields: JsonObject): Task | undefined {
		return this.all.findLast((task) => task.matches(fields));
	}

	byId(id: string): Task | undefined {
		return this.all.find((task) => task.id === id);
	}
}

const known = new WeakMap<SimulatorState, Tasks>();

export function tasksOf(state: SimulatorState): Tasks {
	const tasks = known.get(state) ?? new Tasks(state.options.now);
	known.set(state, tasks);
	return tasks;
}

/** Takes note of how a registration ended, when the platform is told. */
export function observeRegistration(
	{ InfoType, info, status }: PushMessage,
	state: SimulatorState,
): void {
	if (InfoType !== 'notify_third_fasteregister' || !isObject(info)) return;
	const task = tasksOf(state).find(info);
	if (task) task.status = Number(status);
}

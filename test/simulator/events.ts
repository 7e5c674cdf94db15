import type { StepResult } from './component/types';
import type { Delivery, PushMessage, PushResult, SentMessage } from './types';

/** What passes between WeChat and those it talks to, at the moment it does. */
export type SimulatorEvent =
	/** A push begins; `sealedFor` is the AppID of the account or platform whose key seals it. */
	| { type: 'push'; id: string; appId: string; sealedFor: string; message: PushMessage }
	/** One of its deliveries leaves, as it is on the wire. */
	| { type: 'delivery'; id: string; url: string; query: Record<string, string>; body: string }
	| { type: 'answer'; id: string; delivery: Delivery }
	/** No further delivery follows. */
	| { type: 'end'; id: string; result: PushResult }
	/** A customer-service message was taken. */
	| ({ type: 'message' } & SentMessage)
	| { type: 'typing'; appId: string; openid: string; isTyping: boolean }
	/** Articles were handed in for publication (发布), and nothing is wrong with them. */
	| { type: 'publication'; appId: string; articles: Array<Record<string, unknown>> }
	/** The menu of the account is another one. */
	| { type: 'menu'; appId: string }
	/** One step of 全网发布检测 is over. */
	| ({ type: 'step' } & StepResult);

export type Listener = (event: SimulatorEvent) => void;

/** Tells those who listen; what they do with it is nothing to WeChat. */
export class EventHub {
	private readonly listeners = new Set<Listener>();

	/** Answers how to stop listening. */
	readonly listen = (listener: Listener): (() => void) => {
		this.listeners.add(listener);
		return () => void this.listeners.delete(listener);
	};

	readonly emit = (event: SimulatorEvent): void => {
		for (const listener of this.listeners) listener(event);
	};
}

import notifications from './notifications.json';

/** One kind of notification (回调通知) of WeChat Pay. One line of notifications.json. */
interface NotificationType {
	event_type: string;
	/** What it is about: the output field `kind`. */
	group: string;
	/** In English and in Chinese. */
	label: [english: string, chinese: string];
	/** The fields of its resource that are known. A merchant and a partner do not get the same ones. */
	fields?: string[];
}

export const NOTIFICATION_TYPES = notifications as NotificationType[];

/** Anything that the list does not know. */
export const OTHER_NOTIFICATION = 'other';

/** With this event WeChat tries whether signatures are checked and answers come: no money has moved. */
export const SELF_TEST = 'SECURITY_ECHO.SUCCESS';

const GROUPS: ReadonlyMap<string, string> = new Map(
	NOTIFICATION_TYPES.map(({ event_type, group }) => [event_type, group]),
);

/** Finds what a notification is about, such as `refund`; `other` for an event that is not in the list. */
export const findNotificationGroup = (eventType: string): string =>
	GROUPS.get(eventType) ?? OTHER_NOTIFICATION;

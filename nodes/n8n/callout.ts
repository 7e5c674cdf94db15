import type { INodeProperties } from 'n8n-workflow';

/**
 * Creates a box that says what to know, in n8n's calm color. Whoever has read it can dismiss it for good, by its name. A
 * `notice` of n8n looks like a warning, and is for what goes wrong.
 */
export const createCallout = (name: string, displayName: string) =>
	({ displayName, name, type: 'callout', default: '' }) as const satisfies INodeProperties;

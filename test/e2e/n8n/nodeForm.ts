import { NodeHelpers, type INodeParameters, type INodeTypeDescription } from 'n8n-workflow';
import type { TestEnvironment } from '../testEnvironment';

/** A node as the editor is offered it. */
export type NodeType = INodeTypeDescription;

export async function fetchNodeTypes({ n8n, session }: TestEnvironment): Promise<NodeType[]> {
	const response = await fetch(`${n8n.url}/types/nodes.json`, {
		headers: { cookie: session.cookie },
	});
	return (await response.json()) as NodeType[];
}

/** What the form shows for these parameters: names of fields, and notices without their links. */
export function listShownFields(
	type: NodeType,
	parameters: INodeParameters,
): { labels: string[]; notices: string[] } {
	const { properties } = type;
	const all =
		NodeHelpers.getNodeParameters(properties, parameters, true, false, null, type) ?? parameters;
	const shown = properties
		.filter((property) => NodeHelpers.displayParameter(all, property, null, type))
		// The editor offers Authentication with the credentials, and a mapper when there is something to map.
		.filter(
			({ type: kind, name }) =>
				!['hidden', 'resourceMapper'].includes(kind) && name !== 'authentication',
		);
	const of = (isNotice: boolean) =>
		shown.filter(({ type: kind }) => ['callout', 'notice'].includes(kind) === isNotice);
	return {
		labels: of(false).map(({ displayName }) => displayName),
		notices: of(true).map(({ displayName }) => displayName.replace(/<[^>]+>/g, '')),
	};
}

/** The entries of the menu Resource. */
export const listResources = ({ properties }: NodeType) =>
	(properties.find(({ name }) => name === 'resource')?.options ?? []) as Array<{
		name: string;
		value: string;
	}>;

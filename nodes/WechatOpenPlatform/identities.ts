/** An identity as which persons are verified, or a group of them. */
export interface IdentityNode {
	node_id: number;
	name: string;
	node_list?: IdentityNode[];
	leaf_info?: { requirement?: string };
}

/** An identity that can be chosen. */
interface Leaf {
	node_id: number;
	name: string;
	/** The names of the groups around it, and its own. */
	path: string;
	requirement?: string;
}

/** Lists the leaves of the tree of identities (认证身份); only they can be chosen. */
export function listLeaves(nodes: IdentityNode[], groups: string[] = []): Leaf[] {
	return nodes.flatMap(({ node_id, name, node_list = [], leaf_info }) => {
		const names = [...groups, name];
		if (node_list.length > 0) return listLeaves(node_list, names);
		return [{ node_id, name, path: names.join(' > '), ...leaf_info }];
	});
}

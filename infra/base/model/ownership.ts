/** Namespace of the miners, and so of everything of ours: one cluster is one network, and Services select in their own. */
export const IN_NAMESPACE = "default";

/** The comment on every DNS record of a network (by its build tag) or a channel, by which they are known to be its own. */
export const ownerComment = (owner: string): string => `smeshnet ${owner}`;

/** Namespace of the miners, and so of everything of ours: one cluster is one network, and Services select in their own. */
export const IN_NAMESPACE = "default";

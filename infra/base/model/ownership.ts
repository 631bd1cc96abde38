/** Namespace of a network that has a cluster of its own. In a shared cluster each network has a namespace of its own. */
export const CLUSTER_OF_ITS_OWN = "default";

/** The comment on every DNS record of a network (by its build tag) or a channel (by its name); it names the owner. */
export const ownerComment = (owner: string): string => `smeshnet ${owner}`;

/** The host of the TXT record that publishes the owner of a network's names. */
export const ownershipHost = (pageHost: string): string => `_smeshnet.${pageHost}`;

/** The text of that record. */
export const ownershipText = (tag: string): string => `build-tag=${tag}`;

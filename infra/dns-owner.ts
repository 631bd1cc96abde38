/** The comment on every DNS record of a network (by its build tag) or a channel, by which they are known to be its own. */
export const ownerComment = (owner: string): string => `smeshnet ${owner}`;

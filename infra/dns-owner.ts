/** The comment on every DNS record of a network, by which they are known to be its own. */
export const ownerComment = (tag: string): string => `smeshnet ${tag}`;

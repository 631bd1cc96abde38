// How the engine's events name and mark things.

/** The name of a resource: `network` of `urn:pulumi:1_2_3_1::smeshnet::...::network`. */
export const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** The type of a resource, without those of its parents. */
export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

/** A text without the engine's marks of colours, `<{%reset%}>`. */
export const stripColours = (text: string): string => text.replace(/<\{%[^%]*%\}>/g, "");

/** What pods of the program and of the driver share. */

/** The project's Caddy: the gateway, and the server of a network's first beacon. */
export const CADDY_IMAGE = "caddy:2.11.9";

/** A user without any rights, the `nonroot` of distroless images. */
export const NOBODY = 65532;

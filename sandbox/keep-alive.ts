/**
 * Milliseconds that a server of the sandbox keeps an idle connection open. The real programs are Go servers, which never
 * close idle connections, or large clouds. With Node's default of five seconds, a connection could end just as a client
 * sends a request over it; Caddy keeps connections for two minutes.
 */
export const KEEP_ALIVE = 300_000;

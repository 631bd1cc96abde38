import { readFileSync } from "node:fs";
import { type AuthorityPorts, places, type World } from "../home";

/** How the public calls a host of the sandbox: `https://HOST:PORT`, or `http://HOST:PORT` without TLS. */
export const originOf = ({ tls, publicPort }: Pick<World, "tls" | "publicPort">, host: string): string =>
  tls ? `https://${host}:${tls.port}` : `http://${host}:${publicPort}`;

/** PEM of all that a caller of public hosts must trust; undefined without TLS. */
export const trustedIn = (home: string, { tls }: Pick<World, "tls">): string | undefined =>
  tls && readFileSync(places(home).trusted, "utf8");

/** URL of the authority's ACME directory. */
export const directoryOf = ({ api }: AuthorityPorts): string => `https://127.0.0.1:${api}/dir`;

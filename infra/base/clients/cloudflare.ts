import { UserError } from "../lib/errors";
import { isObject } from "../lib/json";
import { type Run, runWith } from "../lib/run";
import { type CloudflarePart, partOf, tokenFor } from "../model/cloudflare-token";
import type { Credentials } from "../model/credentials";
import {
  answerIn,
  type CloudflareAnswer,
  type CloudflareResponse,
  cloudflareFailure,
  sendToCloudflare,
  tokenOf,
} from "./cloudflare-call";
import { Patience, type PatientResponse } from "./cloudflare-patience";

/** Objects that one page of a list holds at most. */
const PER_PAGE = 100;

/** Cloudflare's code of the error that a key has no value. The code for a missing namespace is 10013. */
const KEY_NOT_FOUND = 10009;

/** Cloudflare's code of the error that the same record exists. */
const SAME_RECORD = 81058;

/** An object of Cloudflare's API, with the fields that it has there. */
export type CloudflareObject = Readonly<Record<string, unknown>> & { readonly id: string };

/** A TXT record. */
export interface TextRecord {
  /** Full name. */
  readonly name: string;
  /** Its text, without quotes. */
  readonly text: string;
  readonly comment: string;
  /** Time to live, in seconds. */
  readonly ttl: number;
}

/** A KV namespace of an account. */
export interface KvNamespace {
  readonly accountId: string;
  readonly namespaceId: string;
}

/** Cloudflare's v4 API. Each call throws a {@link UserError} when there is no token, or Cloudflare refuses or fails. */
export interface Cloudflare {
  /** Checks that there is a token for each part, without a call. @throws {UserError} when there is none */
  requireToken(...parts: readonly CloudflarePart[]): void;
  /**
   * What Cloudflare says of our token: `active`, `disabled` or `expired`, and until when.
   * @param accountId of the account that the token may belong to; others belong to a person
   */
  verifyToken(accountId?: string): Promise<{ readonly status: string; readonly expires?: string }>;
  /** The name of a zone. */
  zoneName(zoneId: string): Promise<string>;
  /** The DNS records of a zone with a comment. */
  dnsRecords(zoneId: string, query: { readonly comment: string }): Promise<CloudflareObject[]>;
  /** The DNS records of a zone with a full name. */
  dnsRecordsNamed(zoneId: string, name: string): Promise<CloudflareObject[]>;
  /** All DNS records of a zone, whoever owns them. */
  allDnsRecords(zoneId: string): Promise<CloudflareObject[]>;
  removeDnsRecord(zoneId: string, id: string): Promise<void>;
  /** Adds a TXT record. One with the same text that is there already, whoever made it, stays as it is. */
  addTextRecord(zoneId: string, record: TextRecord): Promise<void>;
  /** The scripts of all Workers of an account; the id of each is its name. */
  workerScripts(accountId: string): Promise<CloudflareObject[]>;
  /** The hosts of all Workers of an account. */
  workerDomains(accountId: string): Promise<CloudflareObject[]>;
  /** The KV namespaces of an account. */
  kvNamespaces(accountId: string): Promise<CloudflareObject[]>;
  /**
   * The value of a key; undefined when it has none. For up to 60 s an earlier value is shown, or none, also to the
   * writer: neither proves anything about a recent write.
   */
  getKv(namespace: KvNamespace, key: string): Promise<string | undefined>;
  /** Stores a text under a key. All of Cloudflare's locations show it after 60 s at most. */
  putKv(namespace: KvNamespace, key: string, value: string): Promise<void>;
  /** Removes a key; one without a value stays without. */
  removeKv(namespace: KvNamespace, key: string): Promise<void>;
  /** The names of all keys with a prefix. */
  listKv(namespace: KvNamespace, prefix: string): Promise<string[]>;
}

/**
 * Opens Cloudflare's API. A missing token is an error of the first call, since not every command makes one.
 * @param run reports and interrupts waits for Cloudflare's limits and faults
 */
export function cloudflareApi(credentials: Credentials, run: Run = runWith()): Cloudflare {
  const patience = new Patience(run);
  const send = (method: string, path: string, body?: string, type?: string): Promise<PatientResponse> =>
    patience.send(`${method} ${path}`, () => sendToCloudflare(credentials, method, path, body, type));
  const failure = (method: string, path: string, response: CloudflareResponse): UserError =>
    cloudflareFailure(method, path, response, tokenFor(partOf(path), credentials).variable);
  const call = async (method: string, path: string, body?: string): Promise<CloudflareAnswer> => {
    const response = await send(method, path, body);
    const answer = answerIn(response.body);
    if (answer?.isSuccess) return answer;
    throw failure(method, path, response);
  };
  /** What an earlier try removed, although its answer was lost, is gone. */
  const remove = async (path: string): Promise<void> => {
    const response = await send("DELETE", path);
    if (answerIn(response.body)?.isSuccess || (response.status === 404 && response.mayHaveActed)) return;
    throw failure("DELETE", path, response);
  };
  const objects = async (path: string, filter = ""): Promise<CloudflareObject[]> => {
    const found: CloudflareObject[] = [];
    for (let page = 1, last = 1; page <= last; page++) {
      const { result, pages } = await call(
        "GET",
        `${path}?${filter}per_page=${PER_PAGE}${page > 1 ? `&page=${page}` : ""}`,
      );
      found.push(...listed(path, result, isCloudflareObject));
      last = pages;
      if (last > MOST_PAGES) throw endless(path);
    }
    return found;
  };
  /** A list that Cloudflare answers as a whole. */
  const whole = async (path: string): Promise<CloudflareObject[]> =>
    listed(path, (await call("GET", path)).result, isCloudflareObject);
  return {
    requireToken(...parts) {
      for (const part of parts) tokenOf(credentials, part);
    },
    async verifyToken(accountId) {
      const path = "tokens/verify";
      const ofPerson = call("GET", `user/${path}`);
      const { result } = await ofPerson.catch((error: unknown) => {
        // A token of an account is none of a person, who then gets the same answer as for a wrong token.
        if (accountId === undefined || !(error instanceof UserError && error.code === "CloudflareRefused")) throw error;
        return call("GET", `accounts/${accountId}/${path}`).catch(() => ofPerson);
      });
      const { status, expires_on: expires } = isObject(result) ? result : {};
      return { status: textIn(`user/${path}`, status), ...(typeof expires === "string" && { expires }) };
    },
    async zoneName(zoneId) {
      const { result } = await call("GET", `zones/${zoneId}`);
      return textIn(`zones/${zoneId}`, isObject(result) ? result.name : undefined);
    },
    dnsRecords: (zoneId, { comment }) => objects(recordsPath(zoneId), `comment.exact=${encodeURIComponent(comment)}&`),
    dnsRecordsNamed: (zoneId, name) => objects(recordsPath(zoneId), `name.exact=${encodeURIComponent(name)}&`),
    allDnsRecords: (zoneId) => objects(recordsPath(zoneId)),
    removeDnsRecord: (zoneId, id) => remove(`${recordsPath(zoneId)}/${id}`),
    async addTextRecord(zoneId, { name, text, comment, ttl }) {
      const path = recordsPath(zoneId);
      const record = { type: "TXT", name, content: `"${text}"`, comment, ttl };
      const response = await send("POST", path, JSON.stringify(record), "application/json");
      const answer = answerIn(response.body);
      const isThere = answer?.isSuccess || answer?.errors.some(({ code }) => code === SAME_RECORD);
      if (!isThere) throw failure("POST", path, response);
    },
    workerScripts: (accountId) => whole(`accounts/${accountId}/workers/scripts`),
    workerDomains: (accountId) => whole(`accounts/${accountId}/workers/domains`),
    kvNamespaces: (accountId) => objects(namespacesPath(accountId)),
    async getKv(namespace, key) {
      const path = valuePath(namespace, key);
      const response = await send("GET", path);
      if (response.isSuccess) return response.body;
      if (answerIn(response.body)?.errors.some(({ code }) => code === KEY_NOT_FOUND)) return undefined;
      throw failure("GET", path, response);
    },
    putKv: async (namespace, key, value) => void (await call("PUT", valuePath(namespace, key), value)),
    removeKv: (namespace, key) => remove(valuePath(namespace, key)),
    async listKv(namespace, prefix) {
      const path = `${namespacePath(namespace)}/keys`;
      const names: string[] = [];
      let page = 0;
      for (let cursor: string | undefined = ""; cursor !== undefined; page++) {
        if (page >= MOST_PAGES) throw endless(path);
        const query = new URLSearchParams({ prefix, ...(cursor && { cursor }) });
        const { result, next } = await call("GET", `${path}?${query}`);
        names.push(...listed(path, result, isKey).map(({ name }) => name));
        cursor = next;
      }
      return names;
    },
  };
}

/** Most pages of a list, far more than networks fill. An answer may tell any number. */
const MOST_PAGES = 1000;

const endless = (path: string): UserError =>
  new UserError(
    "CloudflareFailed",
    `Cloudflare's list GET ${path} has more than ${MOST_PAGES} pages.`,
    "Find out what fills it, then run the command again.",
  );

const recordsPath = (zoneId: string): string => `zones/${zoneId}/dns_records`;

const namespacesPath = (accountId: string): string => `accounts/${accountId}/storage/kv/namespaces`;

const namespacePath = ({ accountId, namespaceId }: KvNamespace): string =>
  `${namespacesPath(accountId)}/${namespaceId}`;

const valuePath = (namespace: KvNamespace, key: string): string =>
  `${namespacePath(namespace)}/values/${encodeURIComponent(key)}`;

function listed<T>(path: string, result: unknown, isItem: (value: unknown) => value is T): T[] {
  if (Array.isArray(result) && result.every(isItem)) return result;
  throw new UserError(
    "CloudflareFailed",
    `Cloudflare's answer to GET ${path} is not the expected list.`,
    "Run the command again.",
  );
}

function textIn(path: string, value: unknown): string {
  if (typeof value === "string") return value;
  throw new UserError(
    "CloudflareFailed",
    `Cloudflare's answer to GET ${path} lacks what was asked for.`,
    "Run the command again.",
  );
}

const isCloudflareObject = (value: unknown): value is CloudflareObject =>
  isObject(value) && typeof value.id === "string";

const isKey = (value: unknown): value is { readonly name: string } => isObject(value) && typeof value.name === "string";

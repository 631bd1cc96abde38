import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A zone of the account, e.g. `spacemesh.io`. */
export interface Zone {
  readonly id: string;
  readonly name: string;
}

/** A DNS record as the API returns it (Cloudflare API v4, DNS Records for a Zone). */
export interface DnsRecord {
  readonly id: string;
  readonly zone_id: string;
  /** Full host name in lower case, without a final dot. */
  readonly name: string;
  readonly type: string;
  readonly content: string;
  /** Seconds; 1 is automatic. */
  readonly ttl: number;
  readonly proxied: boolean;
  readonly proxiable: boolean;
  readonly priority?: number;
  readonly comment: string | null;
  readonly tags: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  /** `read_only` marks the record of a Worker's domain. */
  readonly meta: { readonly read_only?: boolean };
  readonly created_on: string;
  readonly modified_on: string;
}

/** A KV namespace. */
export interface Namespace {
  readonly id: string;
  readonly title: string;
}

/** A value that a Worker gets as `name` in its `env`. */
export interface Binding {
  readonly name: string;
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** An uploaded Worker: one ES module, or one classic script. */
export interface Script {
  readonly name: string;
  /** Name of the uploaded part. */
  readonly part: string;
  readonly format: "module" | "script";
  readonly code: string;
  /** `YYYY-MM-DD`. */
  readonly compatibility_date: string;
  readonly compatibility_flags: readonly string[];
  readonly bindings: readonly Binding[];
  /** SHA-256 of the code, hex. */
  readonly etag: string;
  readonly created_on: string;
  readonly modified_on: string;
}

/** A host with its Worker. */
export interface Domain {
  readonly id: string;
  readonly hostname: string;
  readonly service: string;
  readonly environment: string;
  readonly zone_id: string;
  readonly zone_name: string;
  readonly cert_id: string;
}

/** A KV write that the API accepted and Workers do not see yet. */
export interface HeldWrite {
  readonly namespace: string;
  readonly key: string;
  /** The value in Base64; null for a deletion. */
  readonly value: string | null;
  readonly metadata: unknown;
  /** Seconds since 1970; absent when the value never expires. */
  readonly expiration?: number;
}

/** Contents of the account, except KV values, which the Worker runtime stores. */
export interface AccountState {
  records: DnsRecord[];
  namespaces: Namespace[];
  scripts: Script[];
  domains: Domain[];
  held: HeldWrite[];
}

/** The account's state in memory, and in a file that is replaced in one step. */
export class StateFile {
  readonly #path: string;
  readonly state: AccountState;

  /** Reads the state of a folder, or starts with an empty account. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.#path = join(folder, "state.json");
    this.state = { records: [], namespaces: [], scripts: [], domains: [], held: [], ...this.#read() };
  }

  /** Stores the state. After a crash, the file is either the old or the new one. */
  save(): void {
    writeFileSync(`${this.#path}.new`, JSON.stringify(this.state, null, 2));
    renameSync(`${this.#path}.new`, this.#path);
  }

  #read(): Partial<AccountState> {
    try {
      return JSON.parse(readFileSync(this.#path, "utf8")) as AccountState;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw new Error(
        `${this.#path} cannot be read: ${(error as Error).message}. Delete the file to start with an empty account.`,
      );
    }
  }
}

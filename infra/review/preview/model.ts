import type { BuildStage } from "../../promote/stage";

// What a preview finds, as data. The engine fills it in (stack.ts), and effects, dangers and comment are made of it.

/** What the engine would do with a resource. A replacement is one step here, whatever the engine's order of it is. */
export const OPERATIONS = ["create", "update", "replace", "delete"] as const;
export type Operation = (typeof OPERATIONS)[number];

/** One property of a resource that would change. */
export interface PropertyChange {
  /** Where it is, as the engine writes it: `environment.SPEC`, and below a JSON document `environment.SPEC.miners`. */
  readonly path: string;
  readonly kind: "add" | "change" | "remove";
  /** Whether this property makes the engine replace the resource. */
  readonly replaces: boolean;
  /** The value as text, secrets as `[secret]`; absent when there is none, or the engine does not know it yet. */
  readonly before?: string;
  readonly after?: string;
}

/** A resource that would change. */
export interface ResourceChange {
  readonly operation: Operation;
  readonly urn: string;
  /** Its type at the engine, e.g. `command:local:Command`. */
  readonly type: string;
  /** Its name in the stack, e.g. `network`. */
  readonly name: string;
  /** The outermost component of ours that holds it, e.g. `smeshnet:components:Network` and `network`. */
  readonly component?: { readonly type: string; readonly name: string };
  readonly changes: readonly PropertyChange[];
}

/** A policy that the change violates. Mandatory ones stop the deployment. */
export interface Violation {
  readonly policy: string;
  readonly message: string;
  readonly mandatory: boolean;
  /** Name of the resource; absent when the policy is about the whole stack. */
  readonly resource?: string;
}

/** What a preview of one stack found. */
export interface StackPreview {
  /** Name of the stack, e.g. `1_2_3_1`. */
  readonly stack: string;
  /** What the stack is: a build tag, a channel, or `edge`. */
  readonly what: string;
  readonly kind: "edge" | "channel" | "network";
  /**
   * `failed`: the engine could not preview it, which is never the same as unchanged. `unseen`: nobody could look, for
   * want of rights. `absent`: there is no such stack yet, and nothing would make one.
   */
  readonly outcome:
    | {
        readonly kind: "previewed";
        /** Resources that would change, in the cycle's order. Empty when nothing changes. */
        readonly resources: readonly ResourceChange[];
        /** Number of resources that stay as they are. */
        readonly unchanged: number;
        readonly violations: readonly Violation[];
      }
    | { readonly kind: "failed" | "unseen" | "absent"; readonly reason: string };
}

/** A network in the cycle, before the change. */
export interface CycleNetwork {
  readonly tag: string;
  readonly stage: BuildStage;
  /** Channels that point to it. */
  readonly channels: readonly string[];
  /** How far its simmer is; absent when nobody has watched it. */
  readonly simmer?: {
    /** Days counted so far, e.g. 5.2. It comes from the log of the simmer, not from a clock. */
    readonly day: number;
    readonly of: number;
    readonly verdict: string;
    readonly certified: boolean;
  };
}

/** A channel in the cycle, before the change. */
export interface CycleChannel {
  readonly name: string;
  /** Absent before its first promotion. */
  readonly current?: { readonly release: string; readonly tag: string };
  /** Networks that promotions replaced and that are still there, in the order in which they are retired. */
  readonly toRetire: readonly string[];
}

/** A release that is previewed as if its tag were pushed: `smeshnet preview v1.2.3`. */
export interface PlannedMove {
  readonly channel: string;
  readonly release: string;
  readonly tag: string;
}

/** Everything that one preview found. */
export interface PreviewReport {
  readonly schema: 1;
  /** Commit of the checkout, 40 hexadecimal digits; absent outside a git checkout and with uncommitted changes. */
  readonly commit?: string;
  readonly networks: readonly CycleNetwork[];
  readonly channels: readonly CycleChannel[];
  readonly moves: readonly PlannedMove[];
  /** The edge, then channels as in the settings, then networks, newest first. */
  readonly stacks: readonly StackPreview[];
  /** What could not be seen at all, e.g. in a pull request from a fork; empty otherwise. */
  readonly unseen: readonly string[];
}

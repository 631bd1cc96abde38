import { Readable } from "node:stream";
import { UserError } from "../../infra/base/lib/errors";
import type { Finished } from "../../infra/base/lib/exec";
import { type Digest, ObjectExists, type Store } from "../../infra/base/store/contract";
import { digestOf } from "../../infra/base/store/digest";
import type { Remote } from "../../infra/deploy/branch";
import { Cloud } from "./cloud";
import { type Fault, Faults } from "./faults";
import { COMMIT, SPEC } from "./graph";
import { PublicSide } from "./public";
import { type Process, SimulatedTime } from "./time";

/** All that is outside of a deployment: it stays when the deployment ends. */
export class World {
  readonly time = new SimulatedTime();
  readonly faults: Faults;
  readonly cloud: Cloud;
  readonly outside: PublicSide;
  /** Branches of the node repository. */
  readonly branches = new Map([
    ["devnext", "0".repeat(40)],
    ["devnet", "1".repeat(40)],
  ]);
  /** The page that the gateway serves. */
  pageInCluster = "";
  private readonly objects = new Map<string, string>();

  constructor(faults: readonly Fault[]) {
    this.faults = new Faults(faults);
    this.cloud = new Cloud(this.time, SPEC, this.faults);
    this.outside = new PublicSide(this.time, this.faults);
  }

  /** Mends all faults; GKE too has come to an end with what it was slow at. */
  mend(): void {
    this.faults.mend();
    const { cluster } = this.cloud;
    if (cluster) cluster.runningAt = Math.min(cluster.runningAt, this.time.now + 60_000);
  }

  /** The archive store, which keeps to the contract of infra/base/store/open.ts. */
  store(process: Process, faults: Faults = this.faults): Store {
    const put = async (key: string, content: Readable | string): Promise<Digest> => {
      await process.sleep(0.01);
      if (typeof content !== "string") throw new Error("only texts are kept here");
      if (faults.strikes("disk full", true)) {
        throw new UserError(
          "StoreNotWritable",
          "The store /archive cannot be written (ENOSPC).",
          "Make room or fix its rights.",
        );
      }
      if (this.objects.has(key)) throw new ObjectExists(key);
      this.objects.set(key, content);
      return digestOf(Readable.from([Buffer.from(content)]));
    };
    return {
      put,
      get: (key) => Readable.from([Buffer.from(this.objects.get(key) ?? "")]),
      list: async (prefix) => [...this.objects.keys()].filter((key) => key.startsWith(prefix)).sort(),
      probe: async () => {
        await put("probe", "can this store be written?");
        this.objects.delete("probe");
      },
    };
  }

  /** The node repository. */
  remote(process: Process): Remote {
    const { faults, branches } = this;
    return {
      refs: async (...names) => {
        await process.sleep(1);
        if (faults.strikes("repository unreachable", true)) {
          throw new UserError(
            "GitFailed",
            "https://git.example/node.git cannot be read: Could not resolve host.",
            "Check its URL.",
          );
        }
        return names.map((name) => (name.startsWith("refs/tags/") ? COMMIT : branches.get(branchOf(name))));
      },
      fetch: () => process.sleep(2),
      push: async (ref, commit, previous): Promise<Finished> => {
        await process.sleep(1);
        if (faults.strikes("push refused")) return finished(1, "remote: error: GH006: Protected branch update failed");
        if (faults.strikes("lease lost")) branches.set(branchOf(ref), `${Math.floor(this.time.now)}`.padStart(40, "2"));
        if (branches.get(branchOf(ref)) !== previous) return finished(1, "! [rejected] (stale info)");
        branches.set(branchOf(ref), commit);
        await process.sleep(1);
        return finished(0, "");
      },
    };
  }
}

const finished = (exitCode: number, stderr: string): Finished => ({ exitCode, stdout: "", stderr });

const branchOf = (ref: string): string => ref.replace("refs/heads/", "");

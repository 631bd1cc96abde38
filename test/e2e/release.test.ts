import { deepStrictEqual, match, ok, strictEqual } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseBuildTag, stackName } from "../../infra/build-tag";
import { request } from "../../infra/clients/public-name";
import { listClusters } from "../../sandbox/kubernetes/cluster";
import { TestSandbox } from "./sandbox";

const OLD = "v1.2.3+1";
const NEW = "v1.2.3+2";

describe("two build tags pushed at once", function () {
  this.timeout(420_000);
  const sandbox = new TestSandbox();

  const get = (url: string) =>
    request(url, { servers: [`127.0.0.1:${sandbox.world.ports.dns}`], zone: sandbox.world.zone });
  const listed = async () => {
    const { body } = await get(`http://discover.net.spacemesh.io:${sandbox.world.publicPort}/networks.json`);
    return (JSON.parse(body) as { netName: string }[]).map(({ netName }) => netName);
  };
  const verb = (name: string, ...args: string[]) =>
    sandbox.run("node", ["--import", "tsx", `scripts/${name}.ts`, ...args]);
  const remote = (ref: string) =>
    sandbox.must("git", ["ls-remote", sandbox.env.SMESHNET_NODE_REPOSITORY as string, ref]);

  let outside = new Set<string>();

  before(async () => {
    outside = new Set(listenersOutside());
    await sandbox.start();
    sandbox.push(OLD, NEW);
  });
  after(() => sandbox.close());

  it("become two networks", async () => {
    for (const tag of [OLD, NEW]) {
      const { exitCode, log } = await sandbox.deployed(tag);
      strictEqual(exitCode, 0, readFileSync(log, "utf8"));
    }
    deepStrictEqual(
      listClusters(sandbox.home)
        .map(({ name }) => name)
        .sort(),
      ["v1-2-3-1", "v1-2-3-2"],
    );
  });

  for (const tag of [OLD, NEW]) {
    it(`answer the public by the names of ${tag}: DNS, page, list, gRPC, explorer, dashboard and poet`, async () => {
      const { exitCode, stdout, stderr } = await verb("status", tag, "--json");
      strictEqual(exitCode, 0, stderr);
      const sights = JSON.parse(stdout) as { what: string; saw: string }[];
      strictEqual(sights.length, 8);
      match(sights.find(({ what }) => what === "page")?.saw ?? "", new RegExp(stackName(parseBuildTag(tag))));
    });
  }

  it("are both in the public list, the newest first", async () => deepStrictEqual(await listed(), [NEW, OLD]));

  it("have moved devnext and devnet to their commit", async () => {
    const commit = (await remote(`refs/tags/${NEW}`)).split("\t")[0];
    for (const branch of ["devnext", "devnet"])
      strictEqual((await remote(`refs/heads/${branch}`)).split("\t")[0], commit);
  });

  it("listen on loopback addresses only", () => {
    const added = listenersOutside().filter((listener) => !outside.has(listener));
    deepStrictEqual(added, []);
  });

  it("keep the nodes' private services away from the public", async () => {
    const { body: text } = await get(`http://discover.net.spacemesh.io:${sandbox.world.publicPort}/networks.json`);
    const [{ jsonAPI }] = JSON.parse(text) as [{ jsonAPI: string }];
    for (const path of ["v1/smesher/issmeshing", "v1/node/shutdown", "metrics"]) {
      strictEqual((await get(`${jsonAPI}${path}`)).status, 404, path);
    }
    strictEqual((await get(`${jsonAPI}v1/node/version`)).status, 405, "a public call does reach a node");
  });

  it("find nothing to change from a second checkout that has only the backend and the passphrase", async () => {
    const checkout = await sandbox.secondCheckout();
    const preview = JSON.parse(await sandbox.pulumi(["preview", "--json", "--stack", "1_2_3_1"], checkout));
    deepStrictEqual(Object.keys(preview.changeSummary), ["same"]);
    match(await sandbox.pulumi(["up", "--yes", "--stack", "1_2_3_1"], checkout), /\d+ unchanged\n/);
  });

  it("refuse to be retired while a channel points to them, before anything has changed", async () => {
    const channel = await sandbox.channel("testnet", { network: "1_2_3_1" });
    const { exitCode, stdout } = await sandbox.run("pulumi", [
      "destroy",
      "--yes",
      "--stack",
      "1_2_3_1",
      "--color",
      "never",
    ]);
    await channel.remove();
    strictEqual(exitCode === 0, false);
    match(stdout, /v1\.2\.3\+1 is what testnet points to: promote another network first/);
    strictEqual((await verb("status", OLD)).exitCode, 0);
  });

  it("are retired one by one from there: the archive first, then everything", async () => {
    const checkout = await sandbox.secondCheckout();
    const text = await sandbox.pulumi(["destroy", "--yes", "--stack", "1_2_3_1"], checkout);
    const moment = (what: string) => text.indexOf(what);
    const order = ["may be retired", "discovery-network deleted", "all read back", "Command network deleted"].map(
      moment,
    );
    ok(
      order.every((at, i) => at > (order[i - 1] ?? 0)),
      `${order} in ${text}`,
    );

    deepStrictEqual(
      listClusters(sandbox.home).map(({ name }) => name),
      ["v1-2-3-2"],
    );
    deepStrictEqual(await listed(), [NEW]);
    const { exitCode, stderr } = await verb("archive", "verify", OLD);
    strictEqual(exitCode, 0, stderr);
    match(stderr, /objects, all well/);
  });

  it("leave of the retired one its page, and no name or process", async () => {
    const { stdout } = await verb("status", OLD, "--json");
    const answering = (JSON.parse(stdout) as { what: string; ok: boolean }[]).filter(({ ok }) => ok);
    deepStrictEqual(
      answering.map(({ what }) => what),
      ["page at the edge"],
    );
    strictEqual(existsSync(join(sandbox.home, "clusters/v1-2-3-1")), false);
    strictEqual((await verb("status", NEW)).exitCode, 0);
  });

  it("cannot be deployed under a tag that the repository lacks: one line with the fix, and nothing made", async () => {
    const { exitCode, stderr } = await verb("deploy", "v9.9.9+9");
    strictEqual(exitCode, 1);
    match(stderr, /^error: file:.* has no tag v9\.9\.9\+9: push it with git push origin v9\.9\.9\+9\n$/);
    strictEqual((await sandbox.pulumi(["stack", "ls", "--json"])).includes("9_9_9_9"), false);
  });
});

/** TCP ports that listen on other than loopback addresses, as the kernel lists them (proc(5): state 0A is LISTEN). */
function listenersOutside(): string[] {
  return ["tcp", "tcp6"].flatMap((file) =>
    readFileSync(`/proc/net/${file}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === "0A")
      .map(([, address]) => address as string)
      // The last octet of an IPv4 address stands first; ::1 is written with its 1 in the last word.
      .filter((address) => !/^.{6}7F:/.test(address) && !/^0{24}01000000:/.test(address)),
  );
}

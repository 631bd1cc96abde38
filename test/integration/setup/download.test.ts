import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadTool, isReachable } from "../../../scripts/setup/download.mjs";

describe("The official download of a tool", () => {
  let folder = "";
  let server: Server;
  let base = "";
  const files = new Map<string, Buffer | string>();

  before((done) => {
    server = createServer(({ url = "" }, response) => {
      const content = files.get(url);
      response.writeHead(content === undefined ? 404 : 200).end(content);
    });
    server.listen(0, "127.0.0.1", () => {
      base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      done();
    });
  });

  after((done) => {
    server.close(done);
    server.closeAllConnections();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smeshnet-download-"));
    files.clear();
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const sum = (content: Buffer | string, algorithm = "sha256") => createHash(algorithm).update(content).digest("hex");

  /** Serves an archive as etcd publishes it: everything in one folder, and more than the executable. */
  function serveArchive(): Buffer {
    const source = join(folder, "source");
    mkdirSync(join(source, "etcd-v3/etcd-docs/etcd"), { recursive: true });
    writeFileSync(join(source, "etcd-v3/etcd"), "#!/bin/sh\n");
    writeFileSync(join(source, "etcd-v3/README.md"), "read me");
    const archive = execFileSync("tar", ["-cz", "-C", source, "etcd-v3"]);
    rmSync(source, { recursive: true });
    files.set("/etcd.tar.gz", archive);
    return archive;
  }

  const etcd = () => ({ url: `${base}/etcd.tar.gz`, checksums: `${base}/SUMS`, files: ["etcd"] });

  it("is unpacked to the executables that are asked for, once its checksum is right", async () => {
    for (const algorithm of ["sha256", "sha512"]) {
      files.set("/SUMS", `${sum(serveArchive(), algorithm)}  etcd.tar.gz\n`);
      await downloadTool(etcd(), folder);
      assert.deepStrictEqual(readdirSync(folder), ["etcd"]);
      assert.strictEqual(statSync(join(folder, "etcd")).mode & 0o111, 0o111);
    }
  });

  it("may be the executable itself, with a checksum file of its own", async () => {
    files.set("/kubectl", "binary");
    files.set("/kubectl.sha256", sum("binary"));
    await downloadTool({ url: `${base}/kubectl`, checksums: `${base}/kubectl.sha256`, files: ["kubectl"] }, folder);
    assert.strictEqual(readFileSync(join(folder, "kubectl"), "utf8"), "binary");
  });

  it("is refused when it is not what its publisher published", async () => {
    serveArchive();
    files.set("/SUMS", `${sum("something else")}  etcd.tar.gz\n`);
    await assert.rejects(downloadTool(etcd(), folder), /etcd\.tar\.gz has the checksum .*, its publisher says/);
    files.set("/SUMS", `${sum("something else")}  other.tar.gz\n`);
    await assert.rejects(downloadTool(etcd(), folder), /SUMS has no checksum of etcd\.tar\.gz/);
  });

  it("is refused when it lacks the executable", async () => {
    files.set("/SUMS", `${sum(serveArchive())}  etcd.tar.gz\n`);
    await assert.rejects(downloadTool({ ...etcd(), files: ["etcdctl"] }, folder), /holds no etcdctl/);
  });

  it("fails with what the server answered", async () => {
    await assert.rejects(downloadTool(etcd(), folder), /SUMS answered 404/);
  });

  it("is tried only where the server is there and has it", async () => {
    serveArchive();
    assert.ok(await isReachable(`${base}/etcd.tar.gz`));
    assert.ok(!(await isReachable(`${base}/other.tar.gz`)));
    assert.ok(!(await isReachable("http://127.0.0.1:1/etcd.tar.gz")));
  });
});

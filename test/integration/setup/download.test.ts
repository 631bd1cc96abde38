import assert from "node:assert";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChecksumMismatch, downloadTool, isReachable } from "../../../scripts/setup/download.mjs";

describe("downloadTool and isReachable", () => {
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

  /** Serves an archive in the form of etcd's releases: one folder with more files than the executable. */
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

  it("unpack the requested executables after checking the checksum", async () => {
    for (const algorithm of ["sha256", "sha512"]) {
      files.set("/SUMS", `${sum(serveArchive(), algorithm)}  etcd.tar.gz\n`);
      await downloadTool(etcd(), folder);
      assert.deepStrictEqual(readdirSync(folder), ["etcd"]);
      assert.strictEqual(statSync(join(folder, "etcd")).mode & 0o111, 0o111);
    }
  });

  it("accept a plain executable with its own checksum file", async () => {
    files.set("/kubectl", "binary");
    files.set("/kubectl.sha256", sum("binary"));
    await downloadTool({ url: `${base}/kubectl`, checksums: `${base}/kubectl.sha256`, files: ["kubectl"] }, folder);
    assert.strictEqual(readFileSync(join(folder, "kubectl"), "utf8"), "binary");
  });

  it("refuse a file with a wrong or missing checksum", async () => {
    serveArchive();
    files.set("/SUMS", `${sum("something else")}  etcd.tar.gz\n`);
    const wrong = new RegExp(`etcd\\.tar\\.gz .*[0-9a-f]{64}, expected ${sum("something else")}`);
    await assert.rejects(downloadTool(etcd(), folder), wrong);
    files.set("/SUMS", `${sum("something else")}  other.tar.gz\n`);
    await assert.rejects(downloadTool(etcd(), folder), /SUMS .*etcd\.tar\.gz/);
  });

  it("refuse a file that is not the pinned one, whatever its publisher says", async () => {
    files.set("/SUMS", `${sum(serveArchive())}  etcd.tar.gz\n`);
    await downloadTool(etcd(), folder, { [etcd().url]: sum(serveArchive()) });
    const pinned = sum("the file of last year");
    await assert.rejects(downloadTool(etcd(), folder, { [etcd().url]: pinned }), (error) => {
      assert.ok(error instanceof ChecksumMismatch);
      assert.match(error.message, new RegExp(`etcd\\.tar\\.gz .*expected ${pinned}`));
      return true;
    });
  });

  it("refuse an archive without the executable", async () => {
    files.set("/SUMS", `${sum(serveArchive())}  etcd.tar.gz\n`);
    await assert.rejects(downloadTool({ ...etcd(), files: ["etcdctl"] }, folder), /etcd\.tar\.gz .*etcdctl/);
  });

  it("fail with the server's status", async () => {
    await assert.rejects(downloadTool(etcd(), folder), /SUMS .*404/);
  });

  it("report a download as reachable only when the server has it", async () => {
    serveArchive();
    assert.ok(await isReachable(`${base}/etcd.tar.gz`));
    assert.ok(!(await isReachable(`${base}/other.tar.gz`)));
    assert.ok(!(await isReachable("http://127.0.0.1:1/etcd.tar.gz")));
  });
});

import { deepStrictEqual, ok, strictEqual } from "node:assert";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { sendToCloudflare } from "../../../../infra/base/clients/cloudflare-call";
import { callDiscord } from "../../../../infra/base/clients/discord-call";
import { httpCall } from "../../../../infra/base/clients/http";
import { clusterApi } from "../../../../infra/base/clients/kubernetes/client";
import {
  boundedFile,
  boundedText,
  boundedTextFile,
  boundedTextFileSync,
  LIMITS,
} from "../../../../infra/base/lib/bounded";
import { boundedFetch } from "../../../../infra/base/lib/bounded-fetch";
import { withTemporaryFolder } from "../../../../infra/base/lib/temporary";
import { textOf } from "../../../../infra/base/store/digest";
import { refuses, refusesLater } from "../../../support/errors";

/** A stream without end, which tells how much was taken of it. */
function endless() {
  const chunk = Buffer.alloc(65_536, "a");
  const taken = { bytes: 0 };
  const stream = new Readable({
    read() {
      taken.bytes += chunk.length;
      this.push(chunk);
    },
  });
  return { stream, taken };
}

describe("a bounded reader", () => {
  it("reads what has exactly the limit, with characters that come in pieces", async () => {
    const pieces = Readable.from([Buffer.from([0xe2, 0x82]), Buffer.from([0xac]), "!"], { objectMode: true });
    strictEqual(await boundedText(pieces, "The text", 4), "€!");
  });

  it("stops at the limit, ends the source and names it", async () => {
    const { stream, taken } = endless();
    await refusesLater(boundedText(stream, "The log of miner-1", 1 << 20), "TooLarge", {
      names: ["The log of miner-1", "1 MiB"],
    });
    ok(stream.destroyed);
    ok(taken.bytes < 2 << 20, `${taken.bytes} bytes`);
  });

  it("reads files up to a limit, also those without a size", async () => {
    await withTemporaryFolder(async (folder) => {
      const file = join(folder, "file");
      await writeFile(file, "12345");
      strictEqual(await boundedTextFile(file, 5), "12345");
      strictEqual(boundedTextFileSync(file, 5), "12345");
      strictEqual((await boundedFile(file, 5)).length, 5);
      await refusesLater(boundedTextFile(file, 4), "TooLarge", { names: [file, "4 bytes"] });
      refuses(() => boundedTextFileSync(file, 4), "TooLarge", { names: [file] });
      await refusesLater(boundedFile("/dev/zero", 1024), "TooLarge", { names: ["1 KiB"] });
      refuses(() => boundedTextFileSync("/dev/zero", 1024), "TooLarge");
      const codes = await Promise.all(
        [join(folder, "none"), folder].map((path) =>
          boundedTextFile(path, 5).catch((error: NodeJS.ErrnoException) => error.code),
        ),
      );
      deepStrictEqual(codes, ["ENOENT", "EISDIR"]);
    });
  });

  it("is what reads a document of the store", () => refusesLater(textOf(endless().stream), "TooLarge"));
});

describe("an answer without end", function () {
  this.timeout(20_000);
  let server: Server;
  let status = 200;

  before(async () => {
    server = createServer((_, response) => {
      response.writeHead(status);
      endless().stream.pipe(response);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });

  after(async () => {
    server.closeAllConnections();
    await once(server.close(), "close");
  });

  beforeEach(() => {
    status = 200;
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const credentials = () => ({ cloudflareToken: "token", cloudflareUrl: url() });
  const api = () =>
    clusterApi(
      JSON.stringify({
        "current-context": "a",
        contexts: [{ name: "a", context: { cluster: "a", user: "a" } }],
        clusters: [{ name: "a", cluster: { server: url() } }],
        users: [{ name: "a", user: { token: "token" } }],
      }),
    );

  it("is refused from a service", () =>
    refusesLater(httpCall(url(), { timeout: 15_000 }), "TooLarge", { names: [url(), "16 MiB"] }));

  it("is refused from Cloudflare", () =>
    refusesLater(sendToCloudflare(credentials(), "GET", "zones"), "TooLarge", { names: ["Cloudflare"] }));

  it("is refused from the cluster's API", () =>
    refusesLater(api().core.listNode(), "TooLarge", { names: ["cluster's API", "64 MiB"] }));

  it("is refused from the cluster's API as an error", async () => {
    status = 500;
    await refusesLater(api().core.listNode(), "TooLarge", { names: ["cluster's API"] });
  });

  it("is refused from a library's fetch", () =>
    refusesLater(boundedFetch("The answer of GitHub", 1024)(url()), "TooLarge", { names: ["GitHub"] }));

  it("counts as no answer from Discord, which was reached", async () => {
    const answer = await callDiscord(new URL(url()), 15);
    ok("why" in answer && answer.reached && answer.why.includes(`${LIMITS.answer / 2 ** 20} MiB`));
  });
});

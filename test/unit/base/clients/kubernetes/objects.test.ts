import { deepStrictEqual, rejects, strictEqual } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ApiError } from "../../../../../infra/base/clients/kubernetes/client";
import { type ObjectApi, objectApi } from "../../../../../infra/base/clients/kubernetes/objects";

describe("objectApi", () => {
  const seen: { method?: string; url?: string; type?: string; body: string }[] = [];
  let [status, answer] = [200, "{}"];
  let server: Server;
  let api: ObjectApi;
  before(async () => {
    server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      seen.push({ method, url, type: headers["content-type"], body: await text(request) });
      response.writeHead(status).end(answer);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const cluster = { name: "c", cluster: { server: `http://127.0.0.1:${port}` } };
    const context = { name: "c", context: { cluster: "c", user: "u" } };
    const kubeconfig = { clusters: [cluster], contexts: [context], users: [{ name: "u" }], "current-context": "c" };
    api = objectApi(JSON.stringify(kubeconfig));
  });
  after(() => server.close());
  beforeEach(() => {
    seen.length = 0;
    [status, answer] = [200, '{"kind":"Thing"}'];
  });
  const OBJECT = { apiVersion: "v1", kind: "Thing", metadata: { name: "a" } };

  it("applies as the manager smeshnet, and takes over fields of others", async () => {
    deepStrictEqual(await api.apply("/things/a", OBJECT), { kind: "Thing" });
    deepStrictEqual(seen, [
      {
        method: "PATCH",
        url: "/things/a?fieldManager=smeshnet&force=true",
        type: "application/apply-patch+yaml",
        body: JSON.stringify(OBJECT),
      },
    ]);
  });

  it("deletes only the object that was seen, and what it owns first", async () => {
    await api.remove("/things/a", "uid-1");
    strictEqual(seen[0]?.method, "DELETE");
    deepStrictEqual(JSON.parse(seen[0]?.body ?? ""), {
      propagationPolicy: "Foreground",
      preconditions: { uid: "uid-1" },
    });
  });

  it("creates by POST, and says 409 when the name is taken", async () => {
    await api.create("/things", OBJECT);
    deepStrictEqual([seen[0]?.method, seen[0]?.url, seen[0]?.type], ["POST", "/things", "application/json"]);
    [status, answer] = [409, '{"message":"taken"}'];
    await rejects(api.create("/things", OBJECT), (error) => error instanceof ApiError && error.status === 409);
  });

  it("finds nothing at 404 alone", async () => {
    [status, answer] = [404, '{"message":"not found"}'];
    strictEqual(await api.find("/things/a"), undefined);
    [status, answer] = [403, '{"message":"forbidden"}'];
    await rejects(api.find("/things/a"), /forbidden/);
  });

  it("lists the items", async () => {
    answer = '{"items":[{"a":1}]}';
    deepStrictEqual(await api.list("/things"), [{ a: 1 }]);
  });
});

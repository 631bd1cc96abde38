import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert";
import { readdirSync } from "node:fs";
import { servedCertificate } from "../../../infra/base/clients/served-certificate";
import { isLate } from "../../../infra/base/model/tls";
import { TLS_PORT } from "../../../infra/deploy/gateway/caddyfile";
import { refusesLater } from "../../support/errors";
import { TlsGateway } from "../../support/tls-gateway";

/** `../deploy/gateway-scan.test.ts` scans such a gateway while its certificate is renewed twice. */
describe("a gateway with the certificate of all networks", function () {
  this.timeout(60_000);
  let served: TlsGateway;
  before(async () => {
    served = await TlsGateway.start();
  });
  after(() => served?.close());

  it("refuses handshakes while there is none, and asks no authority", async () => {
    await rejects(served.ask(served.hosts[0] ?? ""), /alert/);
    deepStrictEqual(readdirSync(served.folder, { recursive: true, encoding: "utf8" }).filter(isOfAuthority), []);
  });

  it("serves every host of the network and of the channel, before any name leads to it", async () => {
    const serial = await served.renew(0);
    ok(served.hosts.includes("api.test.net.example.org") && served.hosts.includes("test.net.example.org"));
    for (const host of served.hosts) strictEqual(await served.ask(host), serial, host);
    await rejects(served.ask("a.b.net.example.org"), /altnames/);
  });

  it("shows a certificate that is good for weeks, to clients that trust the authority", async () => {
    const { address } = served.gateway;
    const url = `https://${served.hosts[0]}:${TLS_PORT}/`;
    strictEqual(isLate(await servedCertificate(url, address, served.pebble.root), Date.now()), false);
    await refusesLater(servedCertificate(url, address), "CertificateUntrusted", { names: [served.hosts[0] ?? ""] });
  });

  it("gives the file with the private key to nobody outside", async () => {
    for (const path of ["/tls.pem", "/..data/tls.pem", "/srv/tls/tls.pem"]) {
      const { status, body } = await served.gateway.ask("1_2_3_1.net.example.org", path);
      strictEqual(status, 404);
      match(body, /^no such/);
    }
  });
});

/** What Caddy would keep of an account or a certificate that it got itself. */
const isOfAuthority = (name: string): boolean => /acme|certificates\//.test(name);

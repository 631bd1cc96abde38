import { strictEqual } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { CHECKOUT } from "../../support/checkout";
import { Engine } from "../../support/engine";

describe("providers that serve one engine after another", function () {
  this.timeout(30_000);
  let engine: Engine;
  let owner: ChildProcess;

  before(() => {
    engine = new Engine(["command-v1.2.1", "cloudflare-v6.22.1"]);
  });
  after(() => {
    owner.kill("SIGKILL");
    engine.close();
  });

  it("serve on the ports that the engine is told, and end with their owner after kill -9", async () => {
    const program = `
      const { KeptProviders } = require("./infra/base/engine/kept-providers");
      new KeptProviders().variables().then((variables) => console.log(JSON.stringify(variables)));`;
    owner = spawn(process.execPath, ["-r", "./infra/preload.cjs", "-e", program], {
      cwd: CHECKOUT,
      env: { ...process.env, PULUMI_HOME: engine.folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(owner.stdout as NonNullable<typeof owner.stdout>), "line");
    const { PULUMI_DEBUG_PROVIDERS: told } = JSON.parse(line);
    const providers = told.split(",").map((one: string) => one.split(":"));
    strictEqual(providers.map(([name]: [string]) => name).join(), "cloudflare,command");
    const sockets: Socket[] = await Promise.all(
      providers.map(async ([, port]: [string, string]) => {
        const socket = connect(Number(port), "127.0.0.1");
        await once(socket, "connect");
        return socket;
      }),
    );
    const ended = sockets.map((socket) => once(socket.on("error", () => undefined).resume(), "close"));
    owner.kill("SIGKILL");
    await Promise.all(ended);
  });
});

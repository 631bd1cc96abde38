import { promises as dns } from "node:dns";
import type { TestSandbox } from "./sandbox";

/** How often the names are looked at, in milliseconds. */
const EVERY = 150;

/** Looks at public names all the while: whoever finds a name must find a network that answers there. */
export class NameWatch {
  /** What was wrong, a line each. */
  readonly wrong: string[] = [];
  /** How often a name was found and its network has answered. */
  answered = 0;
  private isOver = false;
  private readonly over: Promise<void>;

  /** @param labels of API hosts below the zone, e.g. `api.test.net` */
  constructor(
    private readonly sandbox: TestSandbox,
    labels: readonly string[],
  ) {
    const resolver = new dns.Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers([...sandbox.names.servers]);
    const hosts = labels.map((label) => `${label}.${sandbox.world.zone}`);
    this.over = Promise.all(hosts.map((host) => this.follow(host, resolver))).then(() => undefined);
  }

  /** Ends the looking. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.over;
  }

  private async follow(host: string, resolver: dns.Resolver): Promise<void> {
    const url = `${this.sandbox.origin(host)}/v1/node/status`;
    while (!this.isOver) {
      const address = await resolver.resolve4(host).then(
        ([first]) => first,
        () => undefined, // a name that is not there leads nowhere
      );
      if (address !== undefined) await this.ask(url, address);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  private async ask(url: string, address: string): Promise<void> {
    const saw = await this.sandbox.ask(url, address, "{}").then(
      ({ status }) => (status === 200 ? undefined : `answers ${status}`),
      (error: Error) => error.message,
    );
    if (saw === undefined) this.answered += 1;
    else this.wrong.push(`${new Date().toISOString()} ${url} at ${address}: ${saw}`);
  }
}

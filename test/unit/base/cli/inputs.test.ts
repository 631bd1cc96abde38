import { deepStrictEqual, ok, throws } from "node:assert";
import { NetworkRecord } from "../../../../infra/archive/documents";
import { jsonVariable, variableAs } from "../../../../infra/base/cli/inputs";
import { ChannelList } from "../../../../infra/base/model/channel";
import { Endpoints } from "../../../../infra/base/model/endpoints";
import {
  address,
  baseUrl,
  commitName,
  hostName,
  hostPort,
  nameServers,
  pageUrl,
  repositoryUrl,
  seconds,
  sha256,
  storeUrl,
} from "../../../../infra/base/model/formats";
import { NetworkFacts } from "../../../../infra/base/model/network-facts";
import { ListedEntry } from "../../../../infra/base/model/network-list";
import { NetworkSpec, PoetPhases } from "../../../../infra/base/model/network-spec";
import { Versions } from "../../../../infra/base/model/versions";
import { refuses } from "../../../support/errors";
import { VersionStack } from "../../../support/version-stack";

/** How steps read each variable that the program passes. */
const DOCUMENTS = {
  CHANNELS: ChannelList,
  ENDPOINTS: Endpoints,
  ENTRY: ListedEntry,
  NETWORK_FACTS: NetworkFacts,
  NETWORK_RECORD: NetworkRecord,
  NETWORK_SPEC: NetworkSpec,
  POET_PHASES: PoetPhases,
  VERSIONS: Versions,
};
const VALUES = {
  ADDRESS: address,
  ARCHIVE: storeUrl,
  DISCOVERY_URL: baseUrl,
  DNS_SERVERS: nameServers,
  DNS_ZONE: hostName,
  NODE_REPOSITORY: repositoryUrl,
  PAGE_SHA256: sha256,
  PAGE_URL: pageUrl,
  COMMIT: commitName,
  POET_ADDRESS: hostPort,
  READY_TIMEOUT: seconds,
};

/** Sets a variable while a function runs. */
function having<T>(name: string, value: string, read: () => T): T {
  process.env[name] = value;
  try {
    return read();
  } finally {
    delete process.env[name];
  }
}

describe("variables of steps", () => {
  let given: [command: string, name: string, value: string][];
  before(async () => {
    // The least that settings allow: an empty text or a 0 must not count as missing.
    const stack = await VersionStack.make({ channels: [], dnsServers: [], genesisDelay: 0, poetPhaseShift: 0 });
    given = stack.commands.flatMap(({ name, inputs }) =>
      Object.entries(inputs.environment as Record<string, string>).map(
        ([variable, value]): [string, string, string] => [name, variable, value],
      ),
    );
  });

  it("have the form that steps expect, as the program passes them", () => {
    const read = new Set<string>();
    for (const [, name, value] of given) {
      if (name in DOCUMENTS) {
        const form = DOCUMENTS[name as keyof typeof DOCUMENTS];
        deepStrictEqual(
          having(name, value, () => jsonVariable<unknown>(name, form)),
          JSON.parse(value),
          name,
        );
      } else if (name in VALUES) {
        having(name, value, () => variableAs<unknown>(name, VALUES[name as keyof typeof VALUES]));
      } else continue;
      read.add(name);
    }
    deepStrictEqual([...read].sort(), [...Object.keys(DOCUMENTS), ...Object.keys(VALUES)].sort());
    const others = given.map(([, name]) => name).filter((name) => !read.has(name));
    deepStrictEqual([...new Set(others)].sort(), [
      "ACCOUNT_ID",
      "DRIVER",
      "KUBECONFIG_TEXT",
      "LIFE",
      "NAMESPACE",
      "NAMESPACE_ID",
      "SMESHNET_STEP",
      "STACK",
      "ZONE_ID",
    ]);
  });

  it("may hold an empty list, but may not be left out", () => {
    deepStrictEqual(
      having("CHANNELS", "[]", () => jsonVariable("CHANNELS", ChannelList)),
      [],
    );
    refuses(() => jsonVariable("CHANNELS", ChannelList), "VariableMissing", { exitCode: 2, names: ["CHANNELS"] });
  });

  it("appear in errors on one line, cut when they are long", () => {
    const long = "a\n".repeat(5000);
    having("ADDRESS", long, () =>
      throws(
        () => variableAs("ADDRESS", address),
        ({ message }: Error) => {
          ok(message.length < 300, `${message.length} characters`);
          ok(!message.includes("\n"), message);
          return true;
        },
      ),
    );
  });
});

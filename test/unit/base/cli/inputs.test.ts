import { deepStrictEqual, ok, throws } from "node:assert";
import { networkRecordSchema } from "../../../../infra/archive/documents";
import { jsonVariable, variableAs } from "../../../../infra/base/cli/inputs";
import { UserError } from "../../../../infra/base/lib/errors";
import { channelListSchema } from "../../../../infra/base/model/channel";
import { endpointsSchema } from "../../../../infra/base/model/endpoints";
import {
  address,
  baseUrl,
  hostName,
  hostPort,
  nameServers,
  pageUrl,
  repositoryUrl,
  seconds,
  sha256,
  storeUrl,
} from "../../../../infra/base/model/formats";
import { networkFactsSchema } from "../../../../infra/base/model/network-facts";
import { listedEntrySchema } from "../../../../infra/base/model/network-list";
import { networkSpecSchema, poetPhasesSchema } from "../../../../infra/base/model/network-spec";
import { versionsSchema } from "../../../../infra/base/model/versions";
import { VersionStack } from "../../../support/version-stack";

/** How verbs read each variable that the program hands them. */
const DOCUMENTS = {
  CHANNELS: channelListSchema,
  ENDPOINTS: endpointsSchema,
  ENTRY: listedEntrySchema,
  MANIFEST: versionsSchema,
  NETWORK_FACTS: networkFactsSchema,
  NETWORK_RECORD: networkRecordSchema,
  NETWORK_SPEC: networkSpecSchema,
  POET_PHASES: poetPhasesSchema,
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
  POET_ADDRESS: hostPort,
  READY_TIMEOUT: seconds,
};

/** Sets a variable of ours for a while. */
function having<T>(name: string, value: string, read: () => T): T {
  process.env[name] = value;
  try {
    return read();
  } finally {
    delete process.env[name];
  }
}

describe("variables of verbs", () => {
  let given: [command: string, name: string, value: string][];
  before(async () => {
    // The least that settings allow, where an empty text or a nought could be taken for nothing.
    const stack = await VersionStack.make({ channels: [], dnsServers: [], genesisDelay: 0, poetPhaseShift: 0 });
    given = stack.commands.flatMap(({ name, inputs }) =>
      Object.entries(inputs.environment as Record<string, string>).map(
        ([variable, value]): [string, string, string] => [name, variable, value],
      ),
    );
  });

  it("have the form that verbs ask for, as the program hands them over", () => {
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
      "KUBECONFIG_TEXT",
      "NAMESPACE_ID",
      "SMESHNET_STEP",
      "STACK",
      "ZONE_ID",
    ]);
  });

  it("may be empty where there may be none, but not left out", () => {
    deepStrictEqual(
      having("CHANNELS", "[]", () => jsonVariable("CHANNELS", channelListSchema)),
      [],
    );
    throws(
      () => jsonVariable("CHANNELS", channelListSchema),
      new UserError("CHANNELS is not set: --help tells what to set it to", 2),
    );
  });

  it("are shown on one line, cut when long", () => {
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

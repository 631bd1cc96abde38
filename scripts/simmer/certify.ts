import { defineCommand } from "../../infra/base/cli/command";
import { READING, STORE } from "../../infra/base/cli/environment";
import { buildTagArgument } from "../../infra/base/cli/flags";
import { variable } from "../../infra/base/cli/inputs";
import { printText } from "../../infra/base/cli/process";
import { UserError } from "../../infra/base/lib/errors";
import { buildTag } from "../../infra/base/model/build-tag";

export const command = defineCommand({
  about: [
    "Certifies a network whose days are full. It judges every sample of the log again, then seals what that proves with " +
      "the private key in SIMMER_PRIVATE_KEY. The certificate is kept in the archive store, and printed.",
    "A promotion of its release needs no reason then. Everybody can verify the certificate with the public key: " +
      "`smeshnet certificate verify`, or cosign. A network that has a certificate keeps it.",
  ],
  arguments: { tag: buildTagArgument },
  flags: {},
  environment: [
    {
      name: "SIMMER_PRIVATE_KEY",
      help: "The private key that seals certificates: PEM, Ed25519 or ECDSA P-256 (secret).",
    },
    ...STORE,
    ...READING,
  ],
  examples: [
    ["smeshnet simmer certify v1.2.3+1 > v1.2.3+1.json", "Seal the certificate and keep a copy."],
    ['SIMMER_PRIVATE_KEY="$(cat simmer.pem)" smeshnet simmer certify v1.2.3+1', "Seal it with a key from a file."],
  ],
  async run({ tag }, _, run) {
    const privateKey = variable("SIMMER_PRIVATE_KEY");
    const [{ openStoreOfProject }, { runningNetwork }, { certify }] = await Promise.all([
      import("../store.js"),
      import("../../infra/simmer/networks.js"),
      import("../../infra/simmer/certify.js"),
    ]);
    const { settings, store } = await openStoreOfProject();
    const network = await runningNetwork(tag, run);
    if (!network) {
      throw new UserError(
        "NetworkNotReady",
        `${buildTag(tag)} is not deployed, and only a network that runs is certified.`,
        `Run \`smeshnet deploy ${buildTag(tag)}\`, and let it simmer.`,
      );
    }
    const { outputs } = network;
    printText(await certify({ outputs, store, repository: settings.nodeRepository, privateKey }, run));
  },
});

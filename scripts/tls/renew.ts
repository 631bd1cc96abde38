import { defineCommand, toggle } from "../../infra/base/cli/command";
import { CHALLENGING } from "../../infra/base/cli/environment";
import { answer } from "../../infra/base/cli/process";

export const command = defineCommand({
  about: [
    "Gets the TLS certificate of all networks and channels from a certificate authority, and keeps it in the archive " +
      "store. It does so when there is none, when its names changed, or when less than a third of its life is left. " +
      "Otherwise it says so and changes nothing.",
    "Then it hands the certificate to the gateways of all running networks, which serve it without a restart. It fails " +
      "when one of them cannot have it, after all others got it. The next run hands out what is missing. One " +
      "certificate with wildcards serves all of them, so deployments and promotions ask for none.",
    "The authority (setting acmeDirectory) checks TXT records in the zone, which the command adds and removes. The " +
      "certificate's private key is in the store, encrypted with the key of its records.",
    "The command is safe to run twice, to interrupt, and to run beside another one. With the setting tls false it " +
      "does nothing. By running it you agree to the authority's terms of service.",
  ],
  arguments: {},
  flags: { json: toggle("Print the certificate that counts, and whether it is new, as JSON.") },
  environment: CHALLENGING,
  examples: [
    ["smeshnet tls renew", "Renew what is due, once before the first network and then from a daily job."],
    ["smeshnet tls renew --json", "Print the result for a script."],
  ],
  async run(_, { json }, run) {
    const [
      { openProject, repair },
      { tlsStoreOf },
      { gateways, handOutToAll, requireAll },
      { renewCertificate },
      { viewOf },
    ] = await Promise.all([
      import("../project.js"),
      import("./store.js"),
      import("./hand-out.js"),
      import("../../infra/tls/renew.js"),
      import("../../infra/tls/view.js"),
    ]);
    const { settings, cloudflare } = await openProject(run);
    if (!settings.tls) {
      run.say("the setting tls is false, so no TLS certificate is needed");
      if (json) answer({ issued: false });
      return;
    }
    const kept = tlsStoreOf(settings);
    await repair(run);
    const { certificate, reason } = await renewCertificate({ ...kept, settings, cloudflare }, run);
    const handed = await handOutToAll(certificate, gateways(certificate, { settings, store: kept.store }, run), run);
    if (json) answer({ issued: reason !== undefined, ...viewOf(certificate), ...handed });
    requireAll(handed, certificate.generation);
  },
});

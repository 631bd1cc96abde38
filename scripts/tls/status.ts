import { defineCommand, toggle } from "../../infra/base/cli/command";
import { SETTINGS, STORE_TO_READ } from "../../infra/base/cli/environment";
import { answer, print } from "../../infra/base/cli/process";

export const command = defineCommand({
  about: [
    "Shows the TLS certificate that counts: the newest in the archive store that is valid now. It says whether " +
      "`smeshnet tls renew` has anything to do, and fails when there is no certificate. It warns when a renewal is late: " +
      "when less than 21 of 90 days are left.",
  ],
  arguments: {},
  flags: { json: toggle("Print the certificate as JSON.") },
  environment: [...STORE_TO_READ, ...SETTINGS],
  examples: [
    ["smeshnet tls status", "Show names, issuer and the end of the certificate."],
    ["smeshnet tls status --json", "Print the same for a script."],
  ],
  async run(_, { json }, run) {
    const [project, { tlsStoreToRead }, { keptCertificate }, { certificateMissing, reasonToIssue }, view, { isLate }] =
      await Promise.all([
        import("../../infra/base/engine/project.js"),
        import("./store.js"),
        import("../../infra/tls/record.js"),
        import("../../infra/tls/standing.js"),
        import("../../infra/tls/view.js"),
        import("../../infra/base/model/tls.js"),
      ]);
    const settings = await project.settingsOfProject(process.env);
    const now = run.clock.now();
    const { certificate } = await keptCertificate(tlsStoreToRead(settings), now);
    if (certificate === undefined) throw certificateMissing();
    const due = reasonToIssue(certificate, settings, now);
    const late = isLate(certificate, now);
    if (json) answer({ ...view.viewOf(certificate), ...(due !== undefined && { due }), late });
    else print(...view.renderCertificate(certificate, due, now));
  },
});

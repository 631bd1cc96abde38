import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate that signs itself, and its private key, as files in PEM. */
export interface OwnCertificate {
  readonly certificate: string;
  readonly privateKey: string;
}

/** Longer than any sandbox lives. */
const DAYS = "3650";

/**
 * The certificate of a folder, for what stands in for others: the authority's API and the edge. It is made once. On a
 * cloud theirs are their own concern.
 * @param names as in a certificate, e.g. `IP:127.0.0.1`
 */
export function ownCertificate(folder: string, names: readonly string[]): OwnCertificate {
  const [certificate, privateKey] = [join(folder, "own.pem"), join(folder, "own.key")];
  if (existsSync(certificate)) return { certificate, privateKey };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", DAYS];
  const subject = ["-subj", "/CN=sandbox", "-addext", `subjectAltName=${names.join(",")}`];
  const made = `${certificate}.new`;
  execFileSync("openssl", ["req", ...kind, ...subject, "-keyout", privateKey, "-out", made], { stdio: "ignore" });
  renameSync(made, certificate);
  return { certificate, privateKey };
}

/**
 * Adds certificates to a file of what programs trust. Those of before stay: the authority has another root after each
 * start, and the store may hold a certificate of a former one.
 */
export function trust(file: string, certificates: readonly string[]): void {
  const known = existsSync(file) ? readFileSync(file, "utf8") : "";
  const added = certificates.map((one) => one.trim()).filter((one) => !known.includes(one));
  writeFileSync(`${file}.new`, `${[known.trim(), ...added].filter(Boolean).join("\n")}\n`);
  renameSync(`${file}.new`, file); // a program that starts now reads all or nothing
}

import { createRequire } from "node:module";

// The policy library loads all of Pulumi's SDK for four constants of its protocol and for assets, of which no policy of
// ours asks. That doubled the time for which the engine waits before it starts the program. The constants are here; the
// rest is loaded when somebody asks for anything else of it. test/unit/policy/lean-sdk.test.ts compares them.
//
// This file comes before the library.

/** Marks of special values in the engine's messages (@pulumi/pulumi, runtime/rpc.ts). */
export const SIGNATURES = {
  specialSigKey: "4dabf18193072939515e22adb298388d",
  specialAssetSig: "c44067f5952c0a294b673a41bacd8c17",
  specialArchiveSig: "0def7320c3a5731c473e5ecbe6d01bc7",
  specialSecretSig: "1b47061264138c4ac30d75fd1eb44270",
};

const load = createRequire(__filename);
later("@pulumi/pulumi", {});
later("@pulumi/pulumi/runtime/rpc", SIGNATURES);

/** Puts a stand-in in the place of a module that nobody has loaded yet. */
function later(name: string, known: object): void {
  const file = load.resolve(name);
  if (load.cache[file]) return;
  let real: object | undefined;
  const get = (_: object, key: PropertyKey): unknown => {
    if (key === "__esModule") return true;
    if (real === undefined && key in known) return Reflect.get(known, key);
    if (real === undefined) {
      delete load.cache[file];
      real = load(name) as object;
    }
    return Reflect.get(real, key);
  };
  const stub = Object.assign(Object.create(module.constructor.prototype), {
    id: file,
    filename: file,
    loaded: true,
    exports: new Proxy({}, { get }),
    children: [],
    paths: [],
  });
  load.cache[file] = stub as NodeJS.Module;
}

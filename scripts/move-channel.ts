import { answer } from "../infra/base/cli/process";
import { webhook } from "../infra/base/cli/webhook";
import type { Run } from "../infra/base/lib/run";
import { channelNamed } from "../infra/base/model/channel";
import type { Known, Target } from "../infra/base/model/promotion";
import type { Settings } from "../infra/base/model/settings";
import type { Store } from "../infra/base/store/contract";
import { runChannel } from "../infra/promote/run";
import { openProject, repair } from "./project";
import { tlsStoreOf } from "./tls/store";

/** What promote and demote are given besides the target. */
export interface ChannelFlags {
  readonly channel?: string;
  readonly against?: number;
  readonly preview: boolean;
  readonly json: boolean;
  readonly events?: string;
}

interface Chosen {
  readonly channel: string;
  readonly settings: Settings;
  readonly store: Store;
}

/** What the commands promote and demote share: they differ in the target. */
export async function moveChannelTo(
  { channel: name, json, preview, ...flags }: ChannelFlags,
  run: Run,
  targetOf: (chosen: Chosen) => (known: Promise<Known>) => Promise<Target>,
): Promise<void> {
  const { settings, cloudflare } = await openProject(run);
  const project = { settings, cloudflare, ...tlsStoreOf(settings) };
  const channel = channelNamed(name, settings.channels);
  const poster = preview ? undefined : webhook(); // refuses before anything is touched
  await repair(run);
  const target = targetOf({ channel, settings, store: project.store });
  const result = await runChannel({ channel, ...project, ...flags, preview, webhook: poster, target }, run);
  if (json) answer(result);
}

import { type Control, TAG, VALID } from "./valid";

const reaching = (line: string, reaches: string, without?: string): Control => ({
  args: line.split(" "),
  env: without ? { ...VALID, [without]: undefined } : VALID,
  reaches,
});

/** They show that each call is refused for its one mistake, and that the tripwires work. */
export const CONTROLS: readonly Control[] = [
  reaching("announce testnet", "pulumi "),
  // It records what it intends, in a store that no case uses.
  { ...reaching("step announce testnet", "a connection"), env: { ...VALID, ARCHIVE: "file://{folder}/announcements" } },
  reaching(`step archive collect ${TAG}`, "gcloud container clusters describe v1-2-3-1"),
  reaching(`step branch move devnet ${TAG}`, "git ls-remote"),
  reaching("step branch move testnet v1.2.3", "git ls-remote"),
  reaching("step channel moved testnet", "a datagram"),
  reaching("demote --reason stalls", "pulumi stack export --stack testnet"),
  reaching(`deploy ${TAG}`, "git ls-remote"),
  reaching("deploy edge", "pulumi "),
  reaching(`step discovery listed ${TAG}`, "a datagram"),
  reaching(`step dns resolved ${TAG}`, "a datagram"),
  reaching("step dns lookup api-v1-2-3-1.net.spacemesh.io", "a datagram"),
  reaching(`step gateway alive ${TAG}`, "a connection"),
  reaching(`step history close ${TAG}`, "gcloud container clusters describe v1-2-3-1"),
  reaching(`step guard ${TAG}`, "pulumi stack export --stack testnet"),
  reaching("drift", "pulumi stack export --stack edge"),
  reaching("list", "pulumi stack ls"),
  reaching(`step network inspect ${TAG}`, "gcloud container clusters describe v1-2-3-1"),
  reaching(`step page served ${TAG}`, "a datagram"),
  reaching("step poet wait poet-1", "a connection"),
  reaching("promote v1.2.3 --channel testnet --against 0", "pulumi stack export --stack testnet"),
  reaching("promote v1.2.3 --preview", "pulumi stack export --stack testnet", "DISCORD_WEBHOOK"),
  reaching(`recover ${TAG}`, "pulumi "),
  reaching(`retire ${TAG} --verdict slow --why old`, "pulumi "),
  reaching("retire --due", "pulumi stack export --stack testnet"),
  reaching(`step smoke ${TAG} --limit-layers 1`, "a connection"),
  reaching(`smoke ${TAG}`, "pulumi stack output --json --stack 1_2_3_1", "NETWORK_FACTS"),
  reaching(`status ${TAG}`, "a datagram"),
];

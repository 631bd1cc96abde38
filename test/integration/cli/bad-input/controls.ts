import { type Control, TAG, VALID } from "./valid";

const reaching = (line: string, reaches: string, without?: string): Control => ({
  args: line.split(" "),
  env: without ? { ...VALID, [without]: undefined } : VALID,
  fromSource: true,
  reaches,
});

/** What shows that it is the wrong point that each is refused for, and that the tripwires are there. */
export const CONTROLS: readonly Control[] = [
  // It records what it intends, in a store that no case looks at.
  { ...reaching("announce testnet", "a connection"), env: { ...VALID, ARCHIVE: "file://{folder}/announcements" } },
  reaching(`archive collect ${TAG}`, "gcloud container clusters describe v1-2-3-1"),
  reaching(`branch move devnet ${TAG}`, "git ls-remote"),
  reaching("branch move testnet v1.2.3", "git ls-remote"),
  reaching("channel moved testnet", "a datagram"),
  reaching("demote --reason stalls", "pulumi stack ls"),
  reaching(`deploy ${TAG}`, "git ls-remote"),
  reaching("deploy edge", "pulumi "),
  reaching(`discovery listed ${TAG}`, "a datagram"),
  reaching(`dns resolved ${TAG}`, "a datagram"),
  reaching("dns lookup api-v1-2-3-1.net.spacemesh.io", "a datagram"),
  reaching(`gateway alive ${TAG}`, "a connection"),
  reaching(`history close ${TAG}`, "gcloud container clusters describe v1-2-3-1"),
  reaching(`guard ${TAG}`, "pulumi stack export --stack testnet"),
  reaching(`network inspect ${TAG}`, "gcloud container clusters describe v1-2-3-1"),
  reaching(`page served ${TAG}`, "a datagram"),
  reaching("poet wait poet-1", "a connection"),
  reaching("promote v1.2.3 --channel testnet --against 0", "pulumi stack ls"),
  reaching("promote v1.2.3 --preview", "pulumi stack ls", "DISCORD_WEBHOOK"),
  reaching(`retire ${TAG} --verdict slow --why old`, "pulumi "),
  reaching("retire --due", "pulumi stack export --stack testnet"),
  reaching(`smoke ${TAG} --limit-layers 1`, "a connection"),
  reaching(`smoke ${TAG}`, "pulumi stack output --json --stack 1_2_3_1", "NETWORK_FACTS"),
  reaching(`status ${TAG}`, "a datagram"),
];

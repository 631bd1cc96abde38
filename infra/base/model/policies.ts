/** The policy by which a network that a channel points to stays as it is (policy/promoted.ts). */
export const PROMOTED_NETWORK_STAYS = "promoted-network-stays";

import { STEPS } from "../../../base/model/steps";
import { MONGO_PORT } from "../../explorer/database";
import { METRICS_PORT } from "../../gateway/caddyfile";
import { closed, GATEWAY, metrics, monitoring, type Policy, pods, policy, tcp } from "../policies";

/** The label of every pod that the program makes (components/version/in-cluster.ts). go-spacecraft gives its pods others. */
const OURS = { "app.kubernetes.io/part-of": "smeshnet" };

const program = (name: string) => pods({ "app.kubernetes.io/name": name });

/**
 * Who may speak to our pods in a cluster of go-spacecraft. Its nodes and poets are in the same namespace, at ports of
 * their machines. So the policies select our pods alone. What no policy selects stays open: peers, joiners, and what
 * ships the logs.
 */
export const networkPolicies = (hasMonitoring: boolean): Policy[] => [
  ...closed(OURS),
  policy("database", program(`${STEPS.explorer}-mongo`), {
    ingress: [
      {
        from: [`${STEPS.explorer}-collector`, `${STEPS.explorer}-api`, `${STEPS.dashboard}-api`].map(program),
        ports: tcp(MONGO_PORT),
      },
    ],
  }),
  metrics(GATEWAY, [METRICS_PORT]),
  ...(hasMonitoring ? monitoring() : []),
];

import { bgpSessionStates, frrK8sWebhookServer } from "../../../../stacks/metallb/release/frr-k8s";
import { excludedInterfacesOf, runningOf } from "../../../../stacks/metallb/release/running";
import { hasWebhookOnNodes } from "../../../../stacks/shared/memberlist-port";
import { isSince } from "../../../../values/versions";

// By upstream's tags. Versions that are not in the table of releases can be declared, too, by their manifest's hash.

test.each([
  ["0.13.8", { port: 7472, secure: false }, "metallb.universe.tf", 0],
  ["0.13.10", { port: 7472, secure: false }, "metallb.universe.tf", 13],
  ["0.15.1", { port: 7472, secure: false }, "metallb.io", 13],
  ["0.16.0", { port: 9120, secure: true }, "metallb.io", 14],
] as const)(
  "MetalLB %s: where its metrics are, the prefix of annotations, interfaces that are left out",
  (version, metrics, annotationPrefix, interfaces) => {
    expect(runningOf(version)).toStrictEqual({ metrics, annotationPrefix });
    expect(excludedInterfacesOf(version)).toHaveLength(interfaces);
  },
);

test.each([
  ["0.14.7", false, false, "frr-k8s-webhook-server"],
  ["0.15.0", true, true, "frr-k8s-webhook-server"],
  ["0.16.0", true, true, "frr-k8s-statuscleaner"],
] as const)(
  "MetalLB %s with frr-k8s: whether its webhook is on nodes, whether it tells of sessions, what serves the webhook",
  (version, onNodes, tellsSessions, server) => {
    expect(hasWebhookOnNodes({ version, bgpType: "frr-k8s" })).toBe(onNodes);
    expect(isSince(version, bgpSessionStates.since)).toBe(tellsSessions);
    expect(frrK8sWebhookServer(version)).toBe(server);
  },
);

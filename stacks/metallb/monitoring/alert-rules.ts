import { isAnnouncedBy } from "../pools/protocols";
import type { PeerConfig } from "../schema/bgp";
import type { PoolConfig } from "../schema/pools";

/** An alert as Prometheus has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: "warning" | "critical" };
  readonly annotations: { readonly summary: string; readonly description: string };
}

/** From which use of a pool on an alert is sounded, in percent; upstream's, in the values of its chart. */
const poolUsage = [
  { percent: 75, severity: "warning" },
  { percent: 85, severity: "warning" },
  { percent: 95, severity: "critical" },
] as const;

/** As a regular expression in a string of PromQL's. */
const literally = (name: string): string => name.replaceAll(".", "\\\\.");

/** What is declared, in whatever file. */
interface Declared {
  readonly pools: readonly PoolConfig[];
  readonly peers: readonly PeerConfig[];
}

/**
 * The alerts of a configuration, by MetalLB's metrics of any version from 0.13 on. Those of BGP sessions also by the names that
 * frr-k8s' metrics have where nobody renames them.
 */
export function alertRules({ pools, peers }: Declared): AlertRule[] {
  const byOthers = pools.filter((pool) => !isAnnouncedBy(pool, "layer2") && !isAnnouncedBy(pool, "bgp"));
  const ofAnnounced = byOthers.length === 0 ? "" : `{pool!~"${byOthers.map(({ name }) => literally(name)).join("|")}"}`;
  return [
    rule("MetalLBStaleConfig", "metallb_k8s_client_config_stale_bool == 1", "1m", "warning", {
      summary: "MetalLB's pod {{ $labels.pod }} keeps an older configuration",
      description: "It refused the newest one: its log says why. npx baremetal-lb verify does, too.",
    }),
    rule("MetalLBConfigNotLoaded", "metallb_k8s_client_config_loaded_bool == 0", "1m", "critical", {
      summary: "MetalLB's pod {{ $labels.pod }} has no configuration",
      description: "It gives and announces nothing: its log says why. npx baremetal-lb verify does, too.",
    }),
    ...poolUsage.map(({ percent, severity }) =>
      rule(
        `MetalLBAddressPoolUsage${percent}Percent`,
        `100 * metallb_allocator_addresses_in_use_total / metallb_allocator_addresses_total > ${percent}`,
        "1m",
        severity,
        {
          summary: `The address pool {{ $labels.pool }} is used to more than ${percent} %`,
          description: "{{ $value | humanize }} % of its addresses are Services'. One that asks a full pool gets none.",
        },
      ),
    ),
    ...(peers.length === 0
      ? []
      : [
          rule(
            "MetalLBBGPSessionDown",
            '{__name__=~"metallb_bgp_session_up|frrk8s_bgp_session_up"} == 0',
            "1m",
            "critical",
            {
              summary: "The BGP session of {{ $labels.pod }} with {{ $labels.peer }} is down",
              description:
                "The router has no route by this node. npx baremetal-lb explain names what of it is missing.",
            },
          ),
        ]),
    ...(byOthers.length === pools.length
      ? []
      : [
          rule(
            "MetalLBAddressNotAnnounced",
            `sum(metallb_allocator_addresses_in_use_total${ofAnnounced}) - (count(count by (ip) (metallb_speaker_announced == 1)) or vector(0)) > 0`,
            "5m",
            "warning",
            {
              summary: "No node announces {{ $value }} of the addresses that Services have",
              description:
                "Nobody answers for them. A Service without a ready endpoint is among them. npx baremetal-lb status names them.",
            },
          ),
        ]),
  ];
}

const rule = (
  alert: string,
  expr: string,
  during: string,
  severity: AlertRule["labels"]["severity"],
  annotations: AlertRule["annotations"],
): AlertRule => ({ alert, expr, for: during, labels: { severity }, annotations });

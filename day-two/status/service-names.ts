import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };

export const isLoadBalancer = ({ spec }: V1Service) => spec?.type === "LoadBalancer";

export const nameOf = ({ metadata }: V1Service) => `${metadata?.namespace}/${metadata?.name}`;

/** The first address, the only one but in dual-stack Services. */
export function addressOf({ status }: V1Service): string | undefined {
  const [ingress] = status?.loadBalancer?.ingress ?? [];
  return ingress?.ip ?? ingress?.hostname;
}

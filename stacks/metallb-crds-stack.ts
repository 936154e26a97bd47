import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Manifest } from "../config/metallb/manifest";
import type { ClusterConfig } from "../config/schema/cluster";
import { hasPodSecurityPolicy } from "../config/versions";
import { addBackend, BackendProps } from "../constructs/backend";
import { addKubernetesProvider } from "../constructs/kubernetes-access";
import { CustomResourceDefinitions } from "../constructs/metallb/custom-resource-definitions";
import { sharedNamespace } from "../constructs/metallb/namespace";
import { requireTerraform } from "../constructs/terraform-version";

export type MetallbCrdsStackProps = BackendProps &
  Pick<ClusterConfig, "kubernetes"> & {
    /** Upstream's release manifest. */
    readonly manifest: Manifest;
  };

/**
 * For MetalLB 0.13 and later: its CRDs, and on a new cluster its namespace. Terraform's provider has to know the kinds
 * when it plans the address pools, so they are in a stack before; docs/adr/0007-metallb-by-custom-resources.md.
 */
export class MetallbCrdsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: MetallbCrdsStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    addKubernetesProvider(this, props.kubernetes.credentials);
    sharedNamespace(this, { podSecurityAdmission: !hasPodSecurityPolicy(props.kubernetes.version) });
    new CustomResourceDefinitions(this, "definitions", props.manifest);
  }
}

import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Manifest } from "./release/manifest-objects";
import type { KubernetesConfig } from "../shared/schema/kubernetes";
import { keepsValidationRules } from "../../values/kubernetes-version";
import { addBackend, BackendProps } from "../shared/constructs/backend";
import { addKubernetesProvider } from "../shared/constructs/kubernetes-access";
import { CustomResourceDefinitions } from "./constructs/custom-resource-definitions";
import { LostPoolsWarning } from "./constructs/lost-pools-warning";
import { sharedNamespace } from "./constructs/namespace";
import { OtherMetallbGate } from "./constructs/other-metallb-gate";
import { requireTerraform } from "../shared/constructs/terraform-version";

/** What the stack `metallb-crds` is made of: a configuration, and the manifest. */
export interface MetallbCrdsStackProps extends BackendProps {
  /** The cluster's version, networks, and how Terraform reaches its API. */
  readonly kubernetes: KubernetesConfig;
  /** Upstream's release manifest. */
  readonly manifest: Manifest;
}

/**
 * For MetalLB 0.13 and later: its CRDs, and on a new cluster its namespace. Terraform's provider has to know the kinds
 * when it plans the address pools, so they are in a stack before; docs/adr/0007-metallb-by-custom-resources.md.
 * @example
 * new MetallbCrdsStack(app, "metallb-crds", { ...config, manifest })
 */
export class MetallbCrdsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: MetallbCrdsStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    addKubernetesProvider(this, props.kubernetes.credentials);
    new OtherMetallbGate(this);
    new LostPoolsWarning(this);
    sharedNamespace(this);
    new CustomResourceDefinitions(this, "definitions", {
      manifest: props.manifest,
      validationRules: keepsValidationRules(props.kubernetes.version),
    });
  }
}

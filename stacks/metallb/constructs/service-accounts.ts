import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { Construct } from "constructs";
import { appLabels, components, namespaceName } from "../release/component";

export interface ServiceAccountsProps {
  /** The namespace, which must exist first. */
  readonly namespace: NamespaceV1;
}

/** The ServiceAccounts that the controller and the speakers run as; upstream: manifests/metallb.yaml. */
export class ServiceAccounts extends Construct {
  readonly resources: readonly ServiceAccountV1[];

  constructor(scope: Construct, id: string, props: ServiceAccountsProps) {
    super(scope, id);
    this.resources = components.map((component) => {
      const account = new ServiceAccountV1(this, component, {
        metadata: { name: component, namespace: namespaceName, labels: appLabels },
        // The provider sends it in any case; written here so that the comparison with upstream shows it.
        automountServiceAccountToken: true,
        dependsOn: [props.namespace],
      });
      account.overrideLogicalId(component);
      return account;
    });
  }
}

import { type BgpType, type MetallbVersion } from "../../../../stacks/metallb/release/releases";
import { upstreamManifest } from "../upstream-manifest";
import type { Json, JsonObject } from "../../../synthesised";
import { absent, objectName, present } from "./compare";
import type { IntendedDifference } from "./intended-differences";

const pod = "spec.template.spec";

const sentByProvider =
  "The provider always sends the field, with the value that Kubernetes assumes where it is missing.";
const notRoot =
  "The provider always sends the field, and false where it is not given, which would cancel the pod's own true.";
const withRegistry = "The registry that a node assumes where an image's name has none is written out.";
const ofApiServer =
  "Upstream's generator leaves an empty field that only the API server fills, and that means nothing.";

const ofController = "MetalLB's controller puts its own CA there; upstream's is nobody's, and is gone from 0.15 on.";

interface Conversion {
  readonly spec: {
    readonly conversion?: { readonly webhook?: { readonly clientConfig?: { readonly caBundle?: string } } };
  };
}

interface Container {
  readonly image?: string;
  readonly securityContext?: JsonObject;
}
interface Workload {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly securityContext?: { readonly runAsNonRoot?: boolean };
        readonly shareProcessNamespace?: boolean;
        readonly containers: readonly Container[];
        readonly initContainers?: readonly Container[];
      };
    };
  };
}

/**
 * Every difference between what the stacks write for MetalLB 0.13 and later and upstream's manifest of the version.
 * manifest.test.ts fails on a difference that is not here, and on a line here that is no difference.
 */
export function manifestDifferences(version: MetallbVersion, bgpType: BgpType): IntendedDifference[] {
  const objects = upstreamManifest(version, bgpType) as unknown as JsonObject[];
  return [...ours, ...objects.flatMap(ofObject)];
}

/** What is the same for every version. */
const ours: readonly IntendedDifference[] = [
  {
    object: "Namespace metallb-system",
    path: "metadata.annotations",
    upstream: absent,
    ours: { "baremetal-lb/stack": "metallb-crds" },
    reason: "It names the stack that has the namespace: one that MetalLB 0.9 left is another's.",
  },
  {
    object: "Namespace metallb-system",
    path: "metadata.labels.app",
    upstream: absent,
    ours: "metallb",
    reason: "As on MetalLB 0.9's namespace, which an upgrade leaves as it is.",
  },
  {
    object: "Secret memberlist",
    path: "",
    upstream: absent,
    ours: present,
    reason: "Upstream's controller makes one where there is none; here its value outlives the Secret.",
  },
];

function ofObject(object: JsonObject): IntendedDifference[] {
  const name = objectName(object);
  const found: IntendedDifference[] = [];
  const add = (path: string, upstream: Json, value: Json, reason: string) =>
    found.push({ object: name, path, upstream, ours: value, reason });
  // Some versions have it, with no value.
  if ((object.metadata as JsonObject).creationTimestamp === null) {
    add("metadata.creationTimestamp", absent, absent, ofApiServer);
  }
  if (object.kind === "CustomResourceDefinition" && object.status !== undefined) {
    add("status", object.status, absent, ofApiServer);
  }
  const authority = (object as unknown as Partial<Conversion>).spec?.conversion?.webhook?.clientConfig?.caBundle;
  if (authority !== undefined) add("spec.conversion.webhook.clientConfig.caBundle", authority, absent, ofController);
  if (object.kind === "ServiceAccount") add("automountServiceAccountToken", absent, true, sentByProvider);
  if (object.kind === "Deployment" || object.kind === "DaemonSet") {
    const { template } = (object as unknown as Workload).spec;
    const { securityContext, shareProcessNamespace, containers, initContainers = [] } = template.spec;
    add(`${pod}.automountServiceAccountToken`, absent, true, sentByProvider);
    add(`${pod}.enableServiceLinks`, absent, true, sentByProvider);
    if (shareProcessNamespace === undefined) add(`${pod}.shareProcessNamespace`, absent, false, sentByProvider);
    const runAsNonRoot = securityContext?.runAsNonRoot ?? false;
    for (const [list, name] of [[containers, "containers"] as const, [initContainers, "initContainers"] as const]) {
      list.forEach((container, index) => {
        const image = container.image ?? "";
        if (!image.split("/")[0]?.includes(".")) {
          add(`${pod}.${name}[${index}].image`, image, `docker.io/${image}`, withRegistry);
        }
        if (container.securityContext === undefined) return;
        const path = `${pod}.${name}[${index}].securityContext`;
        add(`${path}.privileged`, absent, false, sentByProvider);
        add(`${path}.runAsNonRoot`, absent, runAsNonRoot, runAsNonRoot ? notRoot : sentByProvider);
      });
    }
  }
  return found;
}

import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { Construct } from "constructs";
import type { Manifest as UpstreamManifest, ManifestObject } from "../release/manifest-objects";
import { literalJson } from "../../shared/terraform-text";
import { fieldManager } from "./field-manager";

/** The kind that CRDs have. */
const kind = "CustomResourceDefinition";

export interface CustomResourceDefinitionsProps {
  /** Upstream's release manifest. */
  readonly manifest: UpstreamManifest;
  /** Whether the API server keeps x-kubernetes-validations; what it drops would differ in every plan. */
  readonly validationRules: boolean;
}

/**
 * MetalLB's CRDs, out of upstream's manifest as they are but for what others write. They are many thousand generated lines
 * with schemas inside, which only the provider's generic resource can hold.
 */
export class CustomResourceDefinitions extends Construct {
  constructor(scope: Construct, id: string, { manifest, validationRules }: CustomResourceDefinitionsProps) {
    super(scope, id);
    for (const definition of manifest.filter((object) => object.kind === kind)) {
      // "ipaddresspools.metallb.io"
      const [plural = ""] = definition.metadata.name.split(".");
      const resource = new Manifest(this, plural, {
        manifest: literalJson(validationRules ? declared(definition) : withoutRules(declared(definition))),
        fieldManager,
      });
      resource.overrideLogicalId(plural);
    }
  }
}

/** What others write: the API server, whose fields the provider refuses in a manifest, and MetalLB's controller, its CA. */
const ofOthers = ["status", "metadata.creationTimestamp", "spec.conversion.webhook.clientConfig.caBundle"];

const declared = (definition: ManifestObject): object =>
  ofOthers.reduce((object, path) => without(object, path.split(".")), definition as object);

/** A value without the field at a path, where it is there. */
function without(value: object, [name = "", ...rest]: readonly string[]): object {
  const { [name]: field, ...others } = value as Record<string, unknown>;
  if (rest.length === 0) return others;
  return typeof field === "object" && field !== null ? { ...value, [name]: without(field, rest) } : value;
}

/** A value without the validation rules of the schemas in it. */
function withoutRules<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map((item: unknown) => withoutRules(item)) as Value;
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => key !== "x-kubernetes-validations");
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutRules(field)])) as Value;
}

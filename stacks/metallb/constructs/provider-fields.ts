import { literal } from "../../shared/terraform-text";

/** Lists of objects are blocks in Terraform, named in the singular; those that are not here keep their name. */
const blockNames: Readonly<Record<string, string>> = {
  containers: "container",
  initContainers: "initContainer",
  nodeSelectorTerms: "nodeSelectorTerm",
  ports: "port",
  rules: "rule",
  subjects: "subject",
  tolerations: "toleration",
  volumeMounts: "volumeMount",
  volumes: "volume",
  webhooks: "webhook",
};

/** Names that the provider spells otherwise. */
const otherSpellings: Readonly<Record<string, string>> = { nonResourceURLs: "nonResourceUrls" };

/** Objects that are blocks of their own, of which the provider takes a list with one. */
const listsOfOne = new Set(["labelSelector", "namespaceSelector"]);

/** Numbers that the provider takes as text: it has to tell 0 from nothing, or also takes a port's name. */
const numbersAsText = new Set(["fsGroup", "runAsGroup", "runAsUser", "targetPort", "tolerationSeconds"]);

/**
 * The fields of an object of Kubernetes under the names of the provider's typed resources: blocks in the singular,
 * some numbers as text, and no `${` that Terraform would evaluate.
 */
export function fieldsOf(value: unknown, key = ""): unknown {
  if (typeof value === "string") return literal(value);
  if (typeof value === "number") {
    if (key === "defaultMode") return value.toString(8).padStart(4, "0");
    return numbersAsText.has(key) ? String(value) : value;
  }
  if (Array.isArray(value)) return value.map((item) => fieldsOf(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]: [string, unknown]) => {
        // An HTTP probe's port may be a name, so it is text; a container's port list has another shape.
        const text = name === "port" && "path" in value && typeof field === "number" ? String(field) : field;
        const fields = fieldsOf(text, name);
        return [
          Array.isArray(field) ? (blockNames[name] ?? otherSpellings[name] ?? name) : name,
          listsOfOne.has(name) && typeof field === "object" && !Array.isArray(field) ? [fields] : fields,
        ];
      }),
  );
}

import type { Finding, Path } from "../../../values/problem";
import { isAnnotationKey, isQualifiedName } from "../../../values/scalars";
import type { MetallbDraft } from "../draft";
import { components } from "../release/component";
import { type KeyCheck, labelKey, qualifiedKey } from "./qualified-key";

/** What the API server refuses in labels, annotations, taints and resources of pods, whatever else is declared. */
export function checkPodMetadata({ metallb }: MetallbDraft): Finding[] {
  const path = ["metallb"];
  return [
    ...components.flatMap((component) => {
      const { nodeSelector = {}, tolerations = [] } = metallb?.[component] ?? {};
      return [
        ...keys(nodeSelector, [...path, component, "nodeSelector"], labelKey),
        ...tolerations.flatMap((toleration, index) =>
          toleration?.key === undefined
            ? []
            : taintKey(toleration.key, [...path, component, "tolerations", index, "key"]),
        ),
      ];
    }),
    ...([...components, "frrk8s"] as const).flatMap((program) => {
      const { podLabels = {}, podAnnotations = {}, resources } = metallb?.[program] ?? {};
      return [
        ...keys(podLabels, [...path, program, "podLabels"], labelKey),
        ...keys(podAnnotations, [...path, program, "podAnnotations"], annotationKey),
        ...ofResources(resources ?? {}, [...path, program, "resources"]),
      ];
    }),
  ];
}

const keys = (mapping: object, path: Path, check: KeyCheck): Finding[] =>
  Object.keys(mapping).flatMap((key) => check(key, [...path, key], true));

const annotationKey = qualifiedKey("an annotation's key", "write a key such as example.org/note", isAnnotationKey);

const taintKey = qualifiedKey(
  "a taint's key",
  "write the key that kubectl describe node shows under Taints, with value and effect under keys of their own",
);

type Quantities = Readonly<Record<string, string | undefined>>;

/** Upstream: ValidateContainerResourceName and ValidateResourceRequirements in pkg/apis/core/validation. */
function ofResources(
  { limits = {}, requests = {} }: { readonly limits?: Quantities; readonly requests?: Quantities },
  path: Path,
): Finding[] {
  return [
    ...keys(limits, [...path, "limits"], resourceName),
    ...keys(requests, [...path, "requests"], resourceName),
    ...Object.entries(requests).flatMap(([name, requested]): Finding[] => {
      const limit = limits[name];
      if (requested === undefined || limit === undefined || valueOf(requested) <= valueOf(limit)) return [];
      return [
        {
          severity: "error",
          path: [...path, "requests", name],
          given: JSON.stringify(requested),
          expected: `at most the limit, ${limit}`,
          remedy: "lower it, or raise the limit",
        },
      ];
    }),
  ];
}

const standardResources = /^(cpu|memory|ephemeral-storage|hugepages-.+)$/;

function resourceName(name: string, path: Path, atKey = false): Finding[] {
  if (standardResources.test(name) || (name.includes("/") && isQualifiedName(name))) return [];
  return [
    {
      severity: "error",
      path,
      atKey,
      given: JSON.stringify(name),
      expected: "cpu, memory, ephemeral-storage, or the whole name of another resource, such as example.org/gpu",
      remedy: "write one of them, or remove it",
    },
  ];
}

/** The bytes, processors or what else a quantity of the schema is. */
function valueOf(quantity: string): number {
  const [, number = "", unit = ""] = /^([\d.]+)(.*)$/.exec(quantity) ?? [];
  if (unit === "m") return Number(number) / 1000;
  const power = "kMGTPE".indexOf(unit.charAt(0).replace("K", "k")) + 1;
  return Number(number) * (unit === "" ? 1 : (unit.endsWith("i") ? 1024 : 1000) ** power);
}

import type { Finding } from "../../../values/problem";
import { isControlPlaneOnly } from "../../shared/control-plane";
import type { MetallbDraft } from "../draft";
import { controlPlaneTolerations } from "../pod-settings";
import { components, componentLabels } from "../release/component";
import { frrK8sSelectorLabel } from "../release/frr-k8s";
import type { PodSettings } from "../schema/pods";

/**
 * What the API server refuses in the settings of pods, though each value by itself is right; and speakers that no node would
 * run.
 */
export function checkPods({ nodes = [], metallb }: MetallbDraft): Finding[] {
  const refused = components.flatMap((component) => {
    const { tolerations = [], podLabels = {} } = metallb?.[component] ?? {};
    const ofSelector = Object.keys(podLabels).filter((label) => label in componentLabels(component));
    return [
      ...tolerations.flatMap((toleration, index) =>
        toleration === undefined ? [] : tolerationFindings(toleration, ["metallb", component, "tolerations", index]),
      ),
      ...ofSelector.map((label): Finding => ({
        severity: "error",
        path: ["metallb", component, "podLabels", label],
        given: JSON.stringify(podLabels[label]),
        expected: `another label: by ${Object.keys(componentLabels(component)).join(" and ")} MetalLB's own objects find the pods`,
        remedy: "remove it, or give it another name",
      })),
    ];
  });
  return [
    ...refused,
    ...checkFrrK8sLabels({ metallb }),
    ...checkSpeakers({ nodes, metallb }),
    ...checkWithoutMemberlist({ metallb }),
  ];
}

function checkFrrK8sLabels({ metallb }: Pick<MetallbDraft, "metallb">): Finding[] {
  const label = metallb?.frrk8s?.podLabels?.[frrK8sSelectorLabel];
  if (label === undefined) return [];
  return [
    {
      severity: "error",
      path: ["metallb", "frrk8s", "podLabels", frrK8sSelectorLabel],
      given: JSON.stringify(label),
      expected: `another label: by ${frrK8sSelectorLabel} frr-k8s' own objects find the pods`,
      remedy: "remove it, or give it another name",
    },
  ];
}

/** Whether speakers tolerate the control plane's taint. */
export function toleratesControlPlane({ metallb }: Pick<MetallbDraft, "metallb">): boolean {
  const { tolerateControlPlane, tolerations = [] } = metallb?.speaker ?? {};
  const toleratesTaint = tolerations.some(
    (one) => one !== undefined && (one.key === undefined || controlPlaneTolerations.some(({ key }) => key === one.key)),
  );
  return tolerateControlPlane !== false || toleratesTaint;
}

function checkSpeakers({ nodes = [], metallb }: MetallbDraft): Finding[] {
  if (toleratesControlPlane({ metallb }) || !isControlPlaneOnly(nodes)) return [];
  return [
    {
      severity: "warning",
      path: ["metallb", "speaker", "tolerateControlPlane"],
      given: "false, and no worker among the nodes",
      expected: "a node that announces: kubeadm taints control-plane nodes, and no speaker would run there",
      remedy: "remove it, or declare the workers under nodes",
    },
  ];
}

/** Without a memberlist each speaker takes every node for one that announces; upstream: speaker/layer2_controller.go. */
function checkWithoutMemberlist({ metallb }: Pick<MetallbDraft, "metallb">): Finding[] {
  const { memberlist, nodeSelector = {}, affinity, tolerateControlPlane } = metallb?.speaker ?? {};
  if (memberlist?.enabled !== false) return [];
  const keys = [
    ...(Object.keys(nodeSelector).length > 0 ? ["nodeSelector"] : []),
    ...(Object.values(affinity ?? {}).some((part) => part !== undefined) ? ["affinity"] : []),
    ...(tolerateControlPlane === false ? ["tolerateControlPlane"] : []),
  ];
  return keys.map((key) => ({
    severity: "error",
    path: ["metallb", "speaker", key],
    given: `${key} with memberlist.enabled: false`,
    expected:
      "a speaker on every node: without the memberlist nobody notices where none runs, and an address that is that node's to announce is announced by nobody",
    remedy: "remove it, or leave memberlist.enabled away",
  }));
}

type Toleration = Partial<PodSettings["tolerations"][number]>;

/** Upstream: ValidateTolerations in pkg/apis/core/validation of Kubernetes. */
function tolerationFindings(
  { key, operator, value, effect, tolerationSeconds }: Toleration,
  path: Finding["path"],
): Finding[] {
  const error = (at: string, given: string, expected: string, remedy: string): Finding => ({
    severity: "error",
    path: [...path, at],
    given,
    expected,
    remedy,
  });
  return [
    ...(operator === "Exists" && value !== undefined
      ? [
          error(
            "value",
            `${JSON.stringify(value)} with operator: Exists`,
            "no value: Exists takes any",
            "remove it, or write operator: Equal",
          ),
        ]
      : []),
    ...(key === undefined && operator !== "Exists"
      ? [
          error(
            "operator",
            `${operator ?? "none"} without a key`,
            "Exists: every taint is tolerated where there is no key",
            "write operator: Exists, or the taint's key",
          ),
        ]
      : []),
    ...(tolerationSeconds !== undefined && effect !== "NoExecute"
      ? [
          error(
            "tolerationSeconds",
            `${tolerationSeconds} with ${effect === undefined ? "no effect" : `effect: ${effect}`}`,
            "effect: NoExecute beside it, the only one by which a pod has to go",
            "write effect: NoExecute, or remove it",
          ),
        ]
      : []),
  ];
}

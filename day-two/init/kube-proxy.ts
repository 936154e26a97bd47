import { clusterKindOf, type KindFacts, reasonOf } from "../../stacks/kube-proxy/cluster-kinds";
import { readConfigText } from "../../stacks/kube-proxy/config-text";
import { kubeProxyObject } from "../../stacks/kube-proxy/schema";
import { durationSeconds } from "../../values/durations";
import { given, type Mapping, type Note, type Written } from "./note";

/** What of a cluster tells how kube-proxy is set, and by whom. */
export interface KubeProxyFacts extends KindFacts {
  /** Key config.conf of ConfigMap kube-system/kube-proxy; undefined where there is none. */
  readonly configText: string | undefined;
  /** Whether there is a DaemonSet kube-system/kube-proxy. */
  readonly hasDaemonSet: boolean;
}

const path = ["kubeProxy"];

/** kube-proxy as it runs: the settings of kubeadm's ConfigMap, or unmanaged where somebody else sets it. */
export function writtenKubeProxy(
  facts: KubeProxyFacts,
  { layer2 }: { readonly layer2: boolean },
): Written<Mapping | "unmanaged"> {
  const kind = clusterKindOf(facts);
  const ofKubeadm = facts.configText !== undefined && facts.hasDaemonSet && kind !== "k0s";
  if (!ofKubeadm) {
    const reason = reasonOf[kind].replace(/\.?$/, ".");
    const text = `unmanaged: ${reason} The stacks then prove that Services work on each node, and change nothing of it.`;
    return { value: "unmanaged", notes: [{ path, text }] };
  }
  const settings = readConfigText(facts.configText ?? "");
  if (settings === undefined) {
    const text =
      "config.conf of ConfigMap kube-system/kube-proxy is no YAML that kube-proxy reads, so its mode is not known: mend it with kubectl -n kube-system edit configmap kube-proxy, then write the mode.";
    return { value: { mode: "iptables" }, notes: [{ path, text }] };
  }
  const mode = settings["mode"] === "" || settings["mode"] === undefined ? "iptables" : settings["mode"];
  const known = kubeProxyObject.shape.mode.safeParse(mode ?? "iptables");
  if (!known.success) {
    const text = `kube-proxy is set to mode ${String(mode)}, which the stacks do not know: with this one the first plan changes it.`;
    return { value: { mode: "iptables" }, notes: [{ path: ["kubeProxy", "mode"], text }] };
  }
  const asFound: Note = {
    path: ["kubeProxy", "mode"],
    text: "As it is set now; docs/versions.md has the other modes.",
    quiet: true,
  };
  if (known.data !== "ipvs") return { value: { mode: known.data }, notes: [asFound] };
  const { value, notes } = ofIpvs((settings["ipvs"] ?? {}) as Mapping, layer2);
  return { value: { mode: known.data, ...value }, notes: [asFound, ...notes] };
}

/** The keys of IPVS mode as they are set, but for what layer2 needs. */
function ofIpvs(ipvs: Mapping, layer2: boolean): Written<Mapping> {
  const { strictARP: arp, scheduler, excludeCIDRs, tcpTimeout, tcpFinTimeout, udpTimeout } = ipvs;
  const shape = kubeProxyObject.shape;
  const notes: Note[] = [];
  const strictARP = arp === true || layer2;
  if (strictARP && arp !== true) {
    notes.push({
      path: ["kubeProxy", "strictARP"],
      text: "It is not set, and layer2 needs it: the first plan sets it and restarts kube-proxy node by node.",
    });
  }
  const isSet = (value: unknown) => value !== undefined && value !== null && value !== "";
  const schedulerIs = isSet(scheduler) ? scheduler : "rr";
  if (!shape.scheduler.safeParse(schedulerIs).success) {
    notes.push({
      path: ["kubeProxy", "scheduler"],
      text: `kube-proxy is set to the scheduler ${String(schedulerIs)}, which no kernel has: the first plan changes it.`,
    });
  }
  const timeouts = Object.fromEntries(
    Object.entries({ tcpTimeout, tcpFinTimeout, udpTimeout }).flatMap(([key, value]) => {
      if (!isSet(value)) return [];
      if (!shape.udpTimeout.safeParse(value).success) {
        const text = `${key} is ${String(value)}, which is no whole number of seconds: without the key it stays as it is.`;
        notes.push({ path, text });
        return [];
      }
      return durationSeconds(String(value)) === 0 ? [] : [[key, value]];
    }),
  );
  return {
    value: given({
      strictARP,
      scheduler: shape.scheduler.safeParse(schedulerIs).success ? schedulerIs : "rr",
      excludeCIDRs: Array.isArray(excludeCIDRs) && excludeCIDRs.length > 0 ? (excludeCIDRs as unknown) : undefined,
      ...timeouts,
    }),
    notes,
  };
}

import { factsOfKind, proxySettings } from "./node-facts";

/** What day-two/nodes/describe-node.sh found on a node; undefined what is not there, or not told. */
export interface NodeDescription {
  /** As kubelet calls itself, unless the API has another name. */
  readonly name: string;
  readonly isControlPlane: boolean;
  readonly kubelet: {
    /** "v1.35.4", "v1.31.4+k3s1" */
    readonly version?: string;
    /** Where it has the API server: "https://192.168.1.10:6443" */
    readonly server?: string;
  };
  /** An administrator's kubeconfig, without what is secret in it. */
  readonly kubeconfig?: {
    readonly file: string;
    readonly context?: string;
    readonly cluster?: string;
    readonly server?: string;
  };
  /** kubectl with its path: "/usr/bin/kubectl", "/usr/local/bin/k3s kubectl" */
  readonly kubectl?: string;
  readonly apiServer: { readonly version?: string; readonly "service-cluster-ip-range"?: string };
  readonly controllerManager: { readonly "cluster-cidr"?: string };
  readonly proxy: {
    /** Whether a process kube-proxy runs there. */
    readonly runs: boolean;
    readonly mode?: string;
    /** Its configuration in force (/configz), with lower-case keys. */
    readonly settings?: Readonly<Record<string, unknown>>;
  };
  /** Whether a speaker of MetalLB runs there. */
  readonly hasSpeaker: boolean;
}

/** Reads the lines of day-two/nodes/describe-node.sh: kind, name, value. */
export function parseNodeDescription(output: string): NodeDescription {
  const of = factsOfKind(output);
  const [node, kubeconfig, proxy] = [of("node"), of("kubeconfig"), of("proxy")];
  const { file, ...ofFile } = kubeconfig;
  return {
    name: node["name"] ?? "",
    isControlPlane: node["role"] === "control-plane",
    kubelet: of("kubelet"),
    ...(file !== undefined && { kubeconfig: { file, ...ofFile } }),
    ...(of("kubectl")["command"] !== undefined && { kubectl: of("kubectl")["command"] }),
    apiServer: of("kube-apiserver"),
    controllerManager: of("kube-controller-manager"),
    proxy: {
      runs: proxy["runs"] === "yes",
      ...(proxy["mode"] && { mode: proxy["mode"] }),
      ...(proxy["config"] && { settings: proxySettings(proxy["config"]) }),
    },
    hasSpeaker: of("metallb")["speaker"] === "yes",
  };
}

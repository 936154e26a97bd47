import type { ForeignKey } from "../../../values/foreign-keys";

// What upstream's Helm chart calls it: charts/metallb/values.yaml of 0.10 to 0.16; and Bitnami's, bitnami/metallb, as far as
// its names are others. What has a key of the same name in cluster.yaml is not here. Where there is no key, the remedy gives
// the reason.

type ForeignKeys = Readonly<Record<string, ForeignKey>>;

const without = (reason: string): ForeignKey => ({ remedy: `remove it: ${reason}` });

const ofPods = { remedy: "write it below controller, below speaker, or both" };
const ofManifest = (what: string) => without(`${what} as upstream's manifest has it`);

/** Below `metallb`. */
export const chartValues: ForeignKeys = {
  configInline: { remedy: "write the keys below it directly below metallb: pools, peers, bgpCommunities" },
  existingConfigMap: { remedy: "write what it says below metallb: pools, peers, bgpCommunities" },
  logLevel: { remedy: "write it below controller and below speaker" },
  tolerations: { remedy: "write them below controller, below speaker, or both" },
  nodeSelector: ofPods,
  affinity: ofPods,
  image: { remedy: "write images, with controller and speaker below it" },
  nameOverride: without("objects have the names of upstream's manifest"),
  fullnameOverride: without("objects have the names of upstream's manifest"),
  rbac: without("the stacks make upstream's RBAC; whoever deploys needs the rights that npx baremetal-lb rbac prints"),
  psp: without("where the cluster has PodSecurityPolicies the stacks make MetalLB's"),
  crds: {
    remedy:
      "write webhookFailurePolicy for validationFailurePolicy; the CRDs themselves are in the stack metallb-crds in any case",
  },
  prometheus: { remedy: "write monitoring: scrapeAnnotations, serviceMonitors, rules" },
  networkpolicies: without("a NetworkPolicy is an object of its own, which these stacks do not make"),
  tls: ofManifest("the TLS of metrics and webhook stays"),
  "frr-k8s": { remedy: "write bgpType: frr-k8s, and frrk8s for what is said of its pods" },
  global: { remedy: "write imageRegistry, with the path metallb behind it, and imagePullSecrets" },
  commonLabels: { remedy: "write podLabels below controller and below speaker: other objects have upstream's labels" },
  commonAnnotations: { remedy: "write podAnnotations below controller and below speaker: other objects have none" },
  extraDeploy: { remedy: "put MetalLB's own objects into files of resources, and others into a place of their own" },
  networkPolicy: without("a NetworkPolicy is an object of its own, which these stacks do not make"),
  prometheusRule: { remedy: "write monitoring: rules" },
};

/** Below `controller` and `speaker` alike. */
const ofProgram: ForeignKeys = {
  enabled: without("MetalLB is both programs together"),
  image: { remedy: "write it below metallb.images: controller, speaker, frr" },
  labels: { remedy: "write podLabels", meant: "podLabels" },
  serviceAccount: ofManifest("the ServiceAccount stays"),
  securityContext: ofManifest("what its containers may do stays"),
  livenessProbe: ofManifest("the probe stays"),
  readinessProbe: ofManifest("the probe stays"),
  extraContainers: without("a container of your own belongs into a pod of its own"),
  revisionHistoryLimit: ofManifest("how many old revisions are kept stays"),
  // Bitnami's.
  podSecurityContext: ofManifest("what its containers may do stays"),
  containerSecurityContext: ofManifest("what its containers may do stays"),
  customLivenessProbe: ofManifest("the probe stays"),
  customReadinessProbe: ofManifest("the probe stays"),
  customStartupProbe: ofManifest("the probe stays"),
  sidecars: without("a container of your own belongs into a pod of its own"),
  command: ofManifest("the program's command stays"),
  args: ofManifest("what the program is started with stays, but for what has a key here"),
  extraEnvVars: ofManifest("the program's environment stays"),
  extraVolumes: ofManifest("the pod's volumes stay"),
  containerPorts: ofManifest("the ports stay"),
  metrics: { remedy: "write metallb.monitoring: scrapeAnnotations, serviceMonitors, rules" },
  resourcesPreset: { remedy: "write resources" },
  podAffinityPreset: { remedy: "write affinity" },
  podAntiAffinityPreset: { remedy: "write affinity" },
  nodeAffinityPreset: { remedy: "write affinity, or nodeSelector" },
};

const whereSpeakersRun = { remedy: "write it below speaker: frr-k8s runs where the speakers do" };

/** Below `metallb.frrk8s`: what the chart has there, and what it has below `frr-k8s.frrk8s`. */
export const chartValuesOfFrrK8s: ForeignKeys = {
  enabled: { remedy: "write metallb.bgpType: frr-k8s" },
  external: without("the stacks make frr-k8s, and do not use one that is there already"),
  namespace: without("frr-k8s is in MetalLB's namespace, as upstream's manifest has it"),
  secretPassthrough: without("frr-k8s is in MetalLB's namespace, and reads its Secrets"),
  image: { remedy: "write it below metallb.images: frrk8s, frr, kubeRbacProxy" },
  labels: { remedy: "write podLabels", meant: "podLabels" },
  tolerations: whereSpeakersRun,
  nodeSelector: whereSpeakersRun,
  affinity: whereSpeakersRun,
  tolerateMaster: { remedy: "write tolerateControlPlane below speaker: frr-k8s runs where the speakers do" },
};

/** Below `metallb.controller`. */
export const chartValuesOfController: ForeignKeys = {
  ...ofProgram,
  strategy: ofManifest("how its pod is replaced stays"),
  tlsMinVersion: ofManifest("the TLS of its webhook stays"),
  tlsCipherSuites: ofManifest("the TLS of its webhook stays"),
  updateStrategy: ofManifest("how its pod is replaced stays"),
  webhookMode: without("its webhook is what refuses pools that MetalLB would not take"),
};

/** Below `metallb.speaker.memberlist`. */
export const chartValuesOfMemberlist: ForeignKeys = {
  mlBindPort: { remedy: "write bindPort", meant: "bindPort" },
  mlBindAddrOverride: { remedy: "write bindAddress, or nothing where it is empty", meant: "bindAddress" },
  mlSecretKeyPath: ofManifest("where the pods have the key stays"),
};

/** Below `metallb.speaker`. */
export const chartValuesOfSpeaker: ForeignKeys = {
  ...ofProgram,
  ignoreExcludeLB: { remedy: "write it directly below metallb" },
  tolerateMaster: { remedy: "write tolerateControlPlane", meant: "tolerateControlPlane" },
  startupProbe: ofManifest("the probe stays"),
  secretName: without("the stacks make the Secret memberlist; memberlistKey says where its key is kept"),
  secretKey: without("the stacks make the Secret memberlist; memberlistKey says where its key is kept"),
  updateStrategy: ofManifest("that one speaker is replaced after the other stays"),
  frr: {
    remedy:
      "write metallb.bgpType: frr for enabled, and metallb.images.frr for image; the rest stays as upstream's manifest has it",
  },
  frrMetrics: ofManifest("what FRR's containers may use stays"),
  reloader: ofManifest("what FRR's containers may use stays"),
  initContainers: ofManifest("what FRR's containers may use stays"),
  bgpDebounceTimeout: ofManifest("the speaker's argument stays"),
  gratuitousARPInterval: { remedy: "write gratuitousARPIntervalSeconds", meant: "gratuitousARPIntervalSeconds" },
};

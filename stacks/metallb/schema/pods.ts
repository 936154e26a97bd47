import { z } from "zod";
import { affinitySchema } from "./affinity";
import {
  chartValuesOfController,
  chartValuesOfFrrK8s,
  chartValuesOfMemberlist,
  chartValuesOfSpeaker,
} from "./chart-values";
import { expectation } from "../../../values/expectation";
import { foreignKeys } from "../../../values/foreign-keys";
import { memberlistPort } from "../../shared/memberlist-port";
import { flag, ipAddress, labelValue, port, referredName, someText, wholeNumber } from "../../../values/scalars";

const oneOf = <const T extends readonly [string, ...string[]]>(values: T, hint = "choose one of them") =>
  z.enum(values, { error: expectation(`one of ${values.join(", ")}`, hint) });

const withCapitals = "write one of them, with those capital letters";

/** A toleration in Kubernetes' own form; upstream: Toleration in k8s.io/api/core/v1. */
const tolerationSchema = z.strictObject({
  key: someText("a taint's key").optional().meta({ description: "The taint's key. Default: every taint." }),
  operator: oneOf(["Equal", "Exists"], withCapitals)
    .optional()
    .meta({ description: "Exists: whatever its value. Default: Equal." }),
  value: labelValue.optional().meta({ description: "The taint's value." }),
  effect: oneOf(["NoSchedule", "PreferNoSchedule", "NoExecute"], withCapitals)
    .optional()
    .meta({ description: "The taint's effect. Default: every effect." }),
  tolerationSeconds: wholeNumber(0, 2147483647, "a number of seconds")
    .optional()
    .meta({ description: "With NoExecute: how long a pod stays, in seconds. Default: for ever." }),
});

const quantityError = expectation(
  "a quantity of Kubernetes, such as 100m or 128Mi, as text",
  'write a number with its unit, in quotes where it has none: "1"',
);

const quantities = z
  .record(
    someText("a resource's name, such as cpu"),
    z.string({ error: quantityError }).regex(/^\d+(\.\d+)?(m|[kMGTPE]|[KMGTPE]i)?$/, { error: quantityError }),
  )
  .optional();

const names = (what: string) => z.record(someText(what), z.string()).default({});

/** MetalLB's own log levels; upstream: internal/logging/logging.go. */
export const logLevels = ["all", "debug", "info", "warn", "error", "none"] as const;

/** The chart has "" for none. */
const className = (kind: string) =>
  referredName(
    `the name of a ${kind} of the cluster`,
    `write a name that kubectl get ${kind.toLowerCase()} shows, or remove the key for none`,
  );

const podSettings = {
  logLevel: oneOf(logLevels)
    .optional()
    .meta({ description: "What the program logs. Default: info, as upstream has it. From MetalLB 0.11 on." }),
  tolerations: z
    .array(tolerationSchema)
    .default([])
    .meta({ description: "Taints of nodes that its pods run on, beside those of upstream's manifest." }),
  nodeSelector: z
    .record(someText("a label's key, such as kubernetes.io/arch"), labelValue)
    .default({})
    .meta({ description: "Labels of the nodes that its pods run on, beside kubernetes.io/os: linux." }),
  affinity: affinitySchema.optional().meta({
    description: "On which nodes its pods run, in Kubernetes' own form. Default: none, as upstream has it.",
  }),
  resources: z
    .strictObject({
      limits: quantities.meta({ description: "At most: {cpu: 500m, memory: 256Mi}." }),
      requests: quantities.meta({ description: "At least." }),
    })
    .optional()
    .meta({
      description:
        "CPU and memory of its container, whole: {} is none at all. Default: as upstream has it, a limit of 100m and 100Mi in 0.9, none in later versions; what was set before stays, so that {} takes it away.",
    }),
  priorityClassName: className("PriorityClass")
    .optional()
    .meta({ description: "The PriorityClass of its pods, such as system-cluster-critical. Default: none." }),
  runtimeClassName: className("RuntimeClass")
    .optional()
    .meta({ description: "The RuntimeClass of its pods. Default: none." }),
  podLabels: z
    .record(someText("a label's key"), labelValue)
    .default({})
    .meta({ description: "Labels of its pods, beside upstream's." }),
  podAnnotations: names("an annotation's key").meta({
    description: "Annotations of its pods, beside upstream's; the value here counts where both have a key.",
  }),
};

export const controllerSchema = z.strictObject(podSettings).register(foreignKeys, chartValuesOfController);

const expressionsError = expectation(
  "a list of regular expressions of interfaces' names, as Go has them",
  'write a list such as ["^docker.*", "^lo$"], whole, or [] for none',
);

/** Go's expressions, as far as JavaScript's are the same: Go has no lookaround and no references to what was found. */
function isExpression(text: string): boolean {
  if (/\(\?(<?[=!])|\\[1-9k]/.test(text)) return false;
  try {
    return text !== "" && new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** How the speakers find each other, and notice that one is dead; upstream: internal/speakerlist/speakerlist.go. */
const memberlistSchema = z
  .strictObject({
    enabled: flag.default(true).meta({
      description:
        "false: the speakers do not watch each other. A speaker must then run on every node, and the addresses of a dead node move only when Kubernetes gives the node up.",
    }),
    bindAddress: ipAddress.optional().meta({
      description: "The address that every speaker listens at, such as 0.0.0.0. Default: its pod's own.",
    }),
    bindPort: port.default(memberlistPort).meta({
      description:
        "The port, TCP and UDP, that every speaker listens at. The stack nodes opens it where firewalld runs.",
    }),
  })
  .register(foreignKeys, chartValuesOfMemberlist);

export const speakerSchema = z
  .strictObject({
    ...podSettings,
    excludeInterfaces: z
      .array(z.string({ error: expressionsError }).refine(isExpression, { error: expressionsError }), {
        error: expressionsError,
      })
      .optional()
      .meta({
        description:
          "Interfaces that layer2 does not announce from, by regular expressions; in place of upstream's list, and [] for none. A change replaces the speakers. Default: upstream's list, in its ConfigMap metallb-excludel2. From MetalLB 0.13.10 on.",
      }),
    memberlist: memberlistSchema.prefault({}).meta({
      description:
        "How the speakers find each other. While a change replaces them, one after the other, those of before and those of after do not see each other, and both may announce an address.",
    }),
    gratuitousARPIntervalSeconds: wholeNumber(1, 86400, "a number of seconds").optional().meta({
      description:
        "How often a speaker tells the network again, by ARP and NDP, where its layer2 addresses are; for switches that forget. Default: only when an address moves. From MetalLB 0.16.2 on.",
    }),
    minReadySeconds: wholeNumber(0, 3600, "a number of seconds").optional().meta({
      description:
        "How long each speaker has to be ready before the next one is replaced; 20 is advised with BGP, since a speaker is ready before its node's sessions are back. metallb.rolloutTimeout must have room for every node's. Default: 0, as upstream has it.",
    }),
    tolerateControlPlane: flag.default(true).meta({
      description: "false: no speaker runs on nodes with the control plane's taint, which then announce nothing.",
    }),
  })
  .register(foreignKeys, chartValuesOfSpeaker);

/** What of it frr-k8s' own program has; where its pods run is said of MetalLB's programs. */
export const frrK8sSchema = z
  .strictObject({
    logLevel: podSettings.logLevel.meta({ description: "What frr-k8s logs. Default: info, as upstream has it." }),
    resources: podSettings.resources.meta({
      description:
        "CPU and memory of the daemons' own container, whole: {} is none at all. Default: as upstream has it, a limit of 500m and 128Mi.",
    }),
    priorityClassName: podSettings.priorityClassName,
    podLabels: podSettings.podLabels,
    podAnnotations: podSettings.podAnnotations,
  })
  .register(foreignKeys, chartValuesOfFrrK8s);

/** What is said of a program's pods, with every default in its place. */
export type PodSettings = z.output<typeof controllerSchema> &
  Partial<
    Pick<
      z.output<typeof speakerSchema>,
      "tolerateControlPlane" | "excludeInterfaces" | "memberlist" | "gratuitousARPIntervalSeconds" | "minReadySeconds"
    >
  >;

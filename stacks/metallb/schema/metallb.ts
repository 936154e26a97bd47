import { z } from "zod";
import { bgpTypes } from "../release/releases";
import { chartValues } from "./chart-values";
import { bfdProfileSchema, peerSchema } from "./bgp";
import { expectation } from "../../../values/expectation";
import { foreignKeys } from "../../../values/foreign-keys";
import { monitoringSchema } from "./monitoring";
import { controllerSchema, frrK8sSchema, speakerSchema } from "./pods";
import { poolSchema } from "./pools";
import type { WithResources } from "../resources/resource-object";
import { versionSchema } from "./version";
import {
  duration,
  flag,
  isQualifiedName,
  qualifiedNameText,
  referredName,
  relativePath,
  someText,
  text,
} from "../../../values/scalars";

const imageRegistryError = expectation(
  "a registry and path, such as docker.io/metallb",
  "write them without https://, image name and tag",
);

const imageRegistry = z
  .string({ error: imageRegistryError })
  .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, { error: imageRegistryError })
  .optional();

const image = (form: RegExp, expected: string, remedy: string) => text(form, expectation(expected, remedy)).optional();

const imageSchema = z.strictObject({
  repository: image(
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)+$/,
    "an image's name with its registry, such as mirror.example.org/metallb/controller",
    "write it without https://, tag and digest",
  ).meta({ description: "Registry, path and name. Default: that of imageRegistry, with upstream's name." }),
  tag: image(
    /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/,
    "an image's tag: at most 128 letters, digits, underscores, dots and hyphens",
    "write it as text, such as v0.15.2",
  ).meta({ description: "The tag; of MetalLB's own it begins with v and the version. Default: upstream's." }),
  digest: image(
    /^sha256:[a-f0-9]{64}$/,
    "a digest: sha256: and 64 hexadecimal digits",
    "write it as docker buildx imagetools inspect prints it",
  ).meta({ description: "The digest, by which nodes then take the image, whatever the tag. Needs the tag beside it." }),
});

const loadBalancerClassError = expectation(
  `the name of a class: ${qualifiedNameText}`,
  "write a name such as example.org/metallb, the one in spec.loadBalancerClass of Services; without the key MetalLB looks after Services of no class",
);

/** Upstream: FailurePolicyType in k8s.io/api/admissionregistration/v1. */
const failurePolicies = ["Fail", "Ignore"] as const;

const pullSecret = referredName(
  "the name of a Secret in metallb-system, as text",
  "write its name alone, - NAME, with no mapping around it",
);

/** Where the key of the memberlist is kept, beside the Secret. */
const memberlistKeys = ["state", "writeOnly"] as const;

/** What MetalLB's own files call it. */
const elsewhere = {
  ...chartValues,
  "address-pools": { remedy: "write pools", meant: "pools" },
  addressPools: { remedy: "write pools", meant: "pools" },
  ipAddressPools: { remedy: "write pools", meant: "pools" },
  "bgp-peers": { remedy: "write peers", meant: "peers" },
  bgpPeers: { remedy: "write peers", meant: "peers" },
};

export const metallbSchema = z
  .strictObject({
    version: versionSchema.meta({
      description: "MetalLB's version: one of these or, with manifestSHA256, another patch of 0.13 and later.",
    }),
    bgpType: z
      .enum(bgpTypes, {
        error: expectation(
          `one of ${bgpTypes.join(", ")}`,
          "write native, frr or frr-k8s, which is the chart's default from 0.16 on",
        ),
      })
      .default("native")
      .meta({
        description:
          "How BGP is done: by MetalLB's own speaker; by FRR beside it (frr, from MetalLB 0.13 on; upstream will remove it); or by frr-k8s, with FRR in pods of its own (from MetalLB 0.14 on).",
      }),
    manifest: relativePath.optional().meta({
      description:
        "Upstream's release manifest of MetalLB 0.13 and later: absolute, starting with ~/, or relative to the folder of cluster.yaml. Default: metallb-v<version>-<bgpType>.yaml beside cluster.yaml.",
    }),
    manifestSHA256: text(
      /^[0-9a-f]{64}$/,
      expectation(
        "a SHA-256: 64 hexadecimal digits, in small letters",
        "write it as npx baremetal-lb manifest tells it",
      ),
    )
      .optional()
      .meta({
        description:
          "The SHA-256 of upstream's release manifest, for a version that is none of those above: npx baremetal-lb manifest tells it. Such a version's keys are judged by its number, and its objects were compared with nothing.",
      }),
    imageRegistry: imageRegistry.meta({
      description:
        "Where the images controller and speaker come from: registry and path. Default: docker.io/metallb for MetalLB 0.9, quay.io/metallb for later ones.",
    }),
    frrImageRegistry: imageRegistry.meta({
      description:
        "Where the image frr comes from, with bgpType frr or frr-k8s: registry and path. Default: imageRegistry, with frrouting in place of metallb at its end as upstream has it (quay.io/frrouting).",
    }),
    images: z
      .strictObject({
        controller: imageSchema.optional().meta({ description: "The image of the controller." }),
        speaker: imageSchema.optional().meta({ description: "The image of the speakers." }),
        frr: imageSchema.optional().meta({ description: "The image of FRR, with bgpType frr or frr-k8s." }),
        frrk8s: imageSchema.optional().meta({ description: "The image of frr-k8s, with bgpType frr-k8s." }),
        kubeRbacProxy: imageSchema.optional().meta({
          description:
            "The image of kube-rbac-proxy, which serves frr-k8s' metrics up to MetalLB 0.15, with bgpType frr-k8s.",
        }),
      })
      .optional()
      .meta({
        description:
          "Images that are called otherwise than upstream's, or are pinned by digest. Default: those of imageRegistry.",
      }),
    rolloutTimeout: duration
      .default("5m")
      .meta({ description: "How long the controller and the speakers may take to become ready." }),
    ignoreExcludeLB: flag.default(false).meta({
      description:
        "true: nodes with the label node.kubernetes.io/exclude-from-external-load-balancers announce too; kubeadm puts it on control-plane nodes. From MetalLB 0.14 on; older versions do not look at it.",
    }),
    loadBalancerClass: z
      .string({ error: loadBalancerClassError })
      .refine(isQualifiedName, { error: loadBalancerClassError })
      .optional()
      .meta({
        description:
          "MetalLB looks after Services with this spec.loadBalancerClass, and no others. Default: Services without a class. A change is refused while Services have addresses that nobody would announce any more. From MetalLB 0.13 on.",
      }),
    webhookFailurePolicy: z
      .enum(failurePolicies, {
        error: expectation(`one of ${failurePolicies.join(", ")}`, "write one of them, with those capital letters"),
      })
      .optional()
      .meta({
        description:
          "What Kubernetes does with pools and routers while MetalLB's webhook does not answer. Fail: it refuses them. Ignore: it takes them, whatever is in them, and MetalLB keeps what it had where they are wrong. Default: Fail, as upstream has it. From MetalLB 0.13 on.",
      }),
    controller: controllerSchema.prefault({}).meta({
      description: "The pod that gives addresses to Services.",
    }),
    speaker: speakerSchema.prefault({}).meta({
      description: "The pods that announce the addresses, one on each node. A node where none runs announces nothing.",
    }),
    frrk8s: frrK8sSchema.optional().meta({
      description:
        "The pods of frr-k8s, with bgpType frr-k8s. They run where the speakers do, and their webhook where the controller may.",
    }),
    monitoring: monitoringSchema.optional().meta({
      description:
        "What Prometheus needs to watch MetalLB. Default: nothing but upstream's scrape annotations. From MetalLB 0.13 on.",
    }),
    imagePullSecrets: z.array(pullSecret).default([]).meta({
      description:
        "Secrets in metallb-system that the images are pulled with, by their names. Who makes them is not these stacks' matter.",
    }),
    memberlistKey: z
      .enum(memberlistKeys, {
        error: expectation(memberlistKeys.join(" or "), "write state, or writeOnly with Terraform 1.11 or later"),
      })
      .default("state")
      .meta({
        description:
          "Where the key of the speakers' memberlist is kept beside its Secret. state: in Terraform's state, so that a Secret that is deleted gets the same key again. writeOnly: nowhere; a Secret that is deleted gets another key, and all speakers restart at the same time. Needs Terraform or OpenTofu 1.11.",
      }),
    pools: z
      .array(poolSchema)
      .min(1, { error: expectation("at least one pool", "add a pool with a name and addresses") })
      .meta({ description: "The address pools." }),
    allowAddressLoss: flag.default(false).meta({
      description:
        "true: Services may lose addresses that the pools no longer hold, or that another loadBalancerClass leaves to nobody; the controller and speakers of MetalLB before 0.13 restart to take such pools, later ones need not. false: a plan that would do so fails with the list of them.",
    }),
    peers: z.array(peerSchema).default([]).meta({ description: "The BGP routers, for pools with protocol bgp." }),
    bfdProfiles: z
      .array(bfdProfileSchema)
      .default([])
      .meta({ description: "Settings of BFD sessions, for peers that name one. With bgpType frr or frr-k8s." }),
    bgpCommunities: z
      .record(z.string(), someText('a BGP community such as "65535:65281"'))
      .default({})
      .meta({ description: 'Names for BGP communities: no-export: "65535:65281".' }),
    resources: z.array(relativePath).default([]).meta({
      description:
        "Files of MetalLB's own YAML beside cluster.yaml, for what has no key here: IPAddressPool, L2Advertisement, BGPAdvertisement, BGPPeer, BFDProfile and Community. Absolute, starting with ~/, or relative to the folder of cluster.yaml. From MetalLB 0.13 on.",
    }),
  })
  .register(foreignKeys, elsewhere);

/** The section `metallb`, with every default in its place. */
export type MetallbSection = z.output<typeof metallbSchema>;

/** The same with what the files have that it names. */
export type MetallbConfig = MetallbSection & WithResources;

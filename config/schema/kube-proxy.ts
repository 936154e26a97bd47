import { z } from "zod";
import { explain } from "./explain";
import { flag } from "./scalars";

/** The IPVS schedulers of the Linux kernel; each is the module ip_vs_<name>. */
export const ipvsSchedulers = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "fo",
  "ovf",
  "lblc",
  "lblcr",
  "sh",
  "dh",
  "mh",
  "sed",
  "nq",
] as const;

export const kubeProxySchema = z.strictObject({
  mode: z
    .enum(["ipvs"], { error: explain("ipvs, the one mode that is supported", "write ipvs, or remove the key") })
    .default("ipvs")
    .meta({ description: "kube-proxy's mode." }),
  strictARP: flag.default(true).meta({
    description:
      "Answer ARP only for addresses of the interface that is asked: MetalLB's layer2 mode needs it in IPVS mode.",
  }),
  scheduler: z.enum(ipvsSchedulers).default("rr").meta({ description: "The IPVS scheduler." }),
});

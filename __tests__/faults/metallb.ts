import type { Section } from "./row";

export const metallb: Section = {
  title: "MetalLB",
  rows: [
    {
      number: 34,
      slug: "metallb-not-ready",
      fault: "the controller or a speaker never gets ready, such as for a missing image",
      gets: "a bounded failure that names pod and reason; the next apply works with no `state rm`",
    },
    {
      number: 35,
      slug: "stranded-address",
      fault: "a change of a pool would strand a Service's address",
      gets: "an error in the plan that lists the Services",
    },
    {
      number: 36,
      slug: "deleted-by-hand",
      fault: "pods, the secret or the ConfigMap are deleted by hand",
      gets: "`diff` shows it, `deploy` restores; the memberlist secret keeps its value",
    },
    {
      number: 37,
      slug: "node-dies",
      fault: "a node dies",
      gets: "its addresses answer from another node within 10 s",
    },
    {
      number: 38,
      slug: "installed-by-hand",
      fault: "MetalLB was installed by hand before",
      gets: "it is adopted in place: no object destroyed, no address lost",
    },
    {
      number: 39,
      slug: "started-too-early",
      fault: "the speakers or the controller would start before what they need",
      gets: "namespace, then accounts, RBAC, policies, secret and configuration, then the workloads, then the proof that each pod took the configuration",
      note: "MetalLB 0.9 has neither CRDs nor a webhook to wait for; those came with 0.13",
    },
    {
      number: 40,
      slug: "nothing-changed",
      fault: "a second apply with no change",
      gets: "an empty plan, no pod restarted",
    },
  ],
};

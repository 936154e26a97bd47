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
    {
      number: 55,
      slug: "undeclared-resource",
      fault: "somebody makes a pool or another custom resource of MetalLB that cluster.yaml does not declare",
      gets: "`verify` and `status` name it, with the command that removes it; Terraform's plans cannot show it",
    },
    {
      number: 56,
      slug: "back-to-configmap",
      fault: "cluster.yaml names MetalLB 0.9 where 0.13 or later runs",
      gets: "`upgrade` refuses it, and leads to the way that there is",
      note: "`cdktf deploy` does not refuse it",
    },
    {
      number: 57,
      slug: "plan-needs-another-stack",
      fault: "a stack cannot be planned before another one is deployed, such as the address pools before their CRDs",
      gets: "`drift` calls both not deployed and says which comes first; `heal` repairs them in order; `upgrade` lists what is declared",
    },
    {
      number: 120,
      slug: "namespace-or-speakers-deleted",
      fault: "the namespace `metallb-system`, or the DaemonSet of the speakers alone, is deleted by hand",
      gets: "`cdktf deploy` makes it again, and ends only when a Service answers: a client's next request succeeds",
    },
    {
      number: 121,
      slug: "old-api-server",
      fault: "an API server of the walkthrough's era, which fills in other defaults than one of today",
      gets: "the same: an empty second plan, no drift, and a second deploy that changes no object and restarts no pod",
    },
    {
      number: 123,
      slug: "upgraded-and-damaged",
      fault:
        "a MetalLB that came from 0.9 loses its namespace's annotation `baremetal-lb/stack`, its namespace, or its CRDs",
      gets: "the next deploy brings back what is missing and takes nothing else away; every Service keeps its address",
    },
  ],
};

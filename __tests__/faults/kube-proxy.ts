import type { Section } from "./row";

export const kubeProxy: Section = {
  title: "kube-proxy",
  rows: [
    {
      number: 27,
      slug: "no-kube-proxy-config",
      fault: "the ConfigMap is absent, has no `config.conf`, or that is not kube-proxy's YAML",
      gets: "an error in the plan that says which clusters have none; nothing is written",
    },
    {
      number: 28,
      slug: "kube-proxy-edited",
      fault: "somebody edits mode, strictARP or another key",
      gets: "mode, strictARP and scheduler are put back, with a restart; every other key stays as the person left it",
    },
    {
      number: 29,
      slug: "another-mode-runs",
      fault: "kube-proxy runs in another mode than declared, or crashes",
      gets: "the apply fails, prints the pod's last lines and the way back",
    },
    {
      number: 30,
      slug: "field-manager",
      fault: "another field manager owns `config.conf`",
      gets: "the plan shows what will change; the apply takes the key over, as docs/undo.md says, and the manager `baremetal-lb` then owns it",
      note: "the provider does not print the former manager; the command in docs/undo.md does, before and after",
    },
    {
      number: 31,
      slug: "destroy-restores",
      fault: "`destroy`",
      gets: "our keys have their original values again, every other key as people left it; pods rolled, then IPVS's rules, sets, interface and sysctls gone; at no moment a ConfigMap without `config.conf`",
    },
    {
      number: 32,
      slug: "killed-before-restart",
      fault: "the apply is killed between the ConfigMap and the restart",
      gets: "the next apply restarts",
    },
    {
      number: 33,
      slug: "wrong-cluster",
      fault: "`KUBE_*` is in the environment, or the context is not in the kubeconfig",
      gets: "refused before any cluster is asked: `check` names the variable, or the context and those that there are; a plan names the context",
      note: "the value of a variable may be a secret and is not shown",
    },
  ],
};

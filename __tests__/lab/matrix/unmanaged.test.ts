import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { answer, apply, diff, kubectl, onNode } from "../core/cluster";
import { drift, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";

// kube-proxy as other distributions have it: set by arguments alone, with no ConfigMap and no DaemonSet. RKE2 runs it as a
// static pod of each node, k3s in a process of the node that is not called kube-proxy. Neither can be had here, so that
// Kubernetes' own kube-proxy runs in their ways.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];
const inSync = noDifferences(...stacks, ...nodes);
const kubeconfigOnNodes = "/etc/kubernetes/kube-proxy.kubeconfig";
const staticPod = "/etc/kubernetes/manifests/kube-proxy.yaml";
/** Its name is that of the process. */
const agent = "/usr/local/bin/k3s";

const [{ kubernetes, kernel, metallb, modes }] = proven["matrix/unmanaged"].runs;
const [mode] = modes;

const files = () => runFiles(lab.runningLab().lab);

/** Writes a file on a node, whatever is in the text. */
const writeOn = (node: string, path: string, text: string) =>
  onNode(
    node,
    `mkdir -p ${path.replace(/\/[^/]*$/, "")} && echo ${Buffer.from(text).toString("base64")} | base64 -d >${path}`,
  );

/** Of kubeadm's kube-proxy. */
let image: string;
let podCIDR: string;

/** What any kube-proxy is told on a node, and the mode. */
const argumentsOn = (node: string, more: readonly string[]) => [
  `--kubeconfig=${kubeconfigOnNodes}`,
  `--hostname-override=${node}`,
  `--cluster-cidr=${podCIDR}`,
  `--proxy-mode=${mode}`,
  ...more,
];

const isReady = "curl -fs http://127.0.0.1:10249/proxyMode";

/** Ends the script when a condition is true, within a minute. */
const untilTrue = (condition: string) => `for i in $(seq 60); do ${condition} && exit; sleep 1; done 2>/dev/null`;

/** Starts the static pods, or starts them anew with other arguments, and waits for the mode. */
async function runAsStaticPods(...more: string[]): Promise<void> {
  for (const node of nodes) {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "kube-proxy",
        namespace: "kube-system",
        labels: { component: "kube-proxy", tier: "control-plane" },
      },
      spec: {
        hostNetwork: true,
        priorityClassName: "system-node-critical",
        containers: [
          {
            name: "kube-proxy",
            image,
            command: ["kube-proxy", ...argumentsOn(node, more)],
            securityContext: { privileged: true },
            volumeMounts: [
              { name: "kubeconfig", mountPath: kubeconfigOnNodes, readOnly: true },
              { name: "modules", mountPath: "/lib/modules", readOnly: true },
            ],
          },
        ],
        volumes: [
          { name: "kubeconfig", hostPath: { path: kubeconfigOnNodes, type: "File" } },
          { name: "modules", hostPath: { path: "/lib/modules" } },
        ],
      },
    };
    await writeOn(node, staticPod, stringify(pod));
  }
  const argument = more.at(-1) ?? `--proxy-mode=${mode}`;
  for (const node of nodes) {
    // kubelet looks at the folder every 20 s.
    const says = `tr '\\0' ' ' </proc/$(pgrep -xo kube-proxy)/cmdline | grep -q -- ${argument}`;
    await onNode(node, `${untilTrue(`${says} && ${isReady}`)}; echo no kube-proxy with ${argument} >&2; exit 1`);
  }
}

/** Takes kube-proxy out of the static pods, and runs the same program as a process of the node. */
async function runAsProcess(...more: string[]): Promise<void> {
  for (const node of nodes) {
    const words = [agent, ...argumentsOn(node, more)].join(" ");
    await onNode(
      node,
      [
        "set -e",
        // k3s brings its own, where its kube-proxy finds it.
        "apt-get -q update >/dev/null && apt-get -q -y --no-install-recommends install ipset >/dev/null",
        `cp /proc/$(pgrep -xo kube-proxy)/exe ${agent}`,
        `rm ${staticPod}`,
        "for i in $(seq 60); do pgrep -x kube-proxy >/dev/null || break; sleep 1; done",
        `systemd-run --quiet --unit=k3s-agent ${words}`,
        untilTrue(isReady),
        "journalctl -u k3s-agent >&2; exit 1",
      ].join("\n"),
    );
  }
}

onLab(`kube-proxy that is not kubeadm's, MetalLB ${metallb[0]} on Kubernetes ${kubernetes}`, () => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, kernel, metallb: metallb[0] });
    const config = parse(readFileSync(files().clusterConfig, "utf8")) as { kubernetes: { podCIDR: string } };
    podCIDR = config.kubernetes.podCIDR;
    writeFileSync(files().clusterConfig, stringify({ ...config, kubeProxy: "unmanaged" }, { lineWidth: 0 }));

    const container = "jsonpath={.spec.template.spec.containers[0].image}";
    image = await kubectl("-n", "kube-system", "get", "daemonset", "kube-proxy", "-o", container);
    const token = await kubectl("-n", "kube-system", "create", "token", "kube-proxy", "--duration=24h");
    const server = await kubectl("config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}");
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "lab", cluster: { server, "certificate-authority-data": await certificateAuthority() } }],
      users: [{ name: "kube-proxy", user: { token } }],
      contexts: [{ name: "lab", context: { cluster: "lab", user: "kube-proxy" } }],
      "current-context": "lab",
    };
    for (const node of nodes) await writeOn(node, kubeconfigOnNodes, stringify(kubeconfig));
    await kubectl("-n", "kube-system", "delete", "daemonset,configmap", "kube-proxy", "--cascade=foreground");
    await runAsStaticPods();
  }, 2_400_000);

  test(`${fault(52)}: in IPVS mode without strictARP the deploy ends before MetalLB, and says where to set it`, async () => {
    const { code, output } = await lab.cdktf(["deploy", ...stacks, "--auto-approve", "--skip-provider-lock"]);
    expect(code).not.toBe(0);
    expect(output.replace(/[│\s]+/g, " ")).toContain(
      "kube-proxy runs in IPVS mode without strictARP (net.ipv4.conf.all.arp_ignore is 0)",
    );
    expect(await kubectl("get", "namespaces", "-o", "name")).not.toContain("metallb");
  });

  test("with it, as RKE2 would run it, cdktf deploy of every stack works, and a Service answers", async () => {
    await runAsStaticPods("--ipvs-strict-arp=true");
    await lab.deploy();
    await lab.applyWeb();
    expect((await lab.prove()).replicas).toHaveLength(2);
  });

  test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test("drift is none, verify and explain find all in order", async () => {
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    await answer(lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 }));
    await answer(lab.baremetalLb(["explain", "default/web"]));
  });

  test(`${fault(208)}: init says that it is not kubeadm's, and declares it unmanaged`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "init-"));
    try {
      const file = join(folder, "cluster.yaml");
      const { kubeconfig, sshKey } = files();
      const of = ["--kubeconfig", kubeconfig, "--ssh-user", "ops", "--ssh-key", sshKey];
      await answer(lab.baremetalLb(["init", ...of, "--trust", "--yes", "--output", file]));
      const text = readFileSync(file, "utf8");
      expect(parse(text)).toMatchObject({ kubeProxy: "unmanaged" });
      expect(text.replace(/\n *# /g, " ")).toContain("unmanaged: this cluster's kube-proxy was not set up by kubeadm");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("in a process of another name, as k3s would run it, all is in order as before", async () => {
    await runAsProcess("--ipvs-strict-arp=true");
    expect((await lab.prove()).replicas).toHaveLength(2);
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    await answer(lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 }));
  });

  test("destroy leaves kube-proxy as it is", async () => {
    const ask = "pgrep -x k3s; curl -s http://127.0.0.1:10249/proxyMode; cat /proc/sys/net/ipv4/conf/all/arp_ignore";
    const running = () => Promise.all(nodes.map((node) => onNode(node, ask)));
    const before = await running();
    await apply("destroy", ...stacks);
    expect(await running()).toEqual(before);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
  }, 900_000);
});

/** The cluster's, as a kubeconfig has it. */
async function certificateAuthority(): Promise<string> {
  const path = "jsonpath={.clusters[0].cluster.certificate-authority-data}";
  const inline = await kubectl("config", "view", "--raw", "--minify", "-o", path);
  if (inline === "") throw new Error("the lab's kubeconfig has no certificate of its authority");
  return inline;
}

import * as lab from "../../../lab/lab";
import { fault } from "../../faults";
import { editKubeProxy, kubectl, onNode } from "./cluster";
import { onLab } from "./on-lab";

// verify on a deployed cluster: everything holds, then ten breakages, one at a time. Each is mended by hand again.

interface Report {
  readonly passed: boolean;
  readonly checks: readonly { readonly id: string; readonly status: string; readonly text: string }[];
}

async function verify(...args: string[]): Promise<{ code: number; failed: string[]; output: string }> {
  const { code, stdout, output } = await lab.baremetalLb(["verify", "--json", ...args]);
  if (stdout === "") throw new Error(output);
  const { checks } = JSON.parse(stdout) as Report;
  return { code, failed: checks.filter(({ status }) => status === "failed").map(({ text }) => text), output };
}

/** Waits until verify passes: what was mended takes a moment to be seen. */
async function passes(seconds = 120): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const { code, failed } = await verify();
    if (code === 0) return;
    if (Date.now() > end) throw new Error(`verify does not pass again: ${failed.join("; ")}`);
  }
}

/** Asks until a failed check says what is expected: a controller or a kubelet takes a moment to make it so. */
async function fails(expected: RegExp, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const { code, failed } = await verify();
    if (failed.some((text) => expected.test(text))) {
      expect(code).toBe(1);
      return;
    }
    if (Date.now() > end)
      throw new Error(`no failed check says ${expected}; failed are: ${failed.join("; ") || "none"}`);
  }
}

const inMetallb = (...args: string[]) => kubectl("-n", "metallb-system", ...args);
const patch = (kind: string, value: object) => inMetallb("patch", kind, "--type=merge", "-p", JSON.stringify(value));

interface Breakage {
  readonly what: string;
  readonly expected: RegExp;
  readonly breakIt: () => Promise<unknown>;
  readonly mend: () => Promise<unknown>;
}

const kept: Record<string, string> = {};
/** Deletes an object, and keeps it to be made again. */
const remove = (name: string) => async () => {
  const object = JSON.parse(await inMetallb("get", name, "-o", "json"));
  delete object.metadata.resourceVersion;
  delete object.metadata.uid;
  kept[name] = JSON.stringify(object);
  await inMetallb("delete", name);
};
const bringBack = (name: string) => async () => {
  const { code, output } = await lab.kubectl(["create", "-f", "-"], { input: kept[name] });
  if (code !== 0) throw new Error(output);
};

const file = "/etc/modules-load.d/baremetal-lb.conf";
const image = (tag: string) => [{ op: "replace", path: "/spec/template/spec/containers/0/image", value: tag }];
const setImage = (tag: string) =>
  inMetallb(
    "patch",
    "daemonset/speaker",
    "--type=json",
    "-p",
    JSON.stringify(image(`docker.io/metallb/speaker:${tag}`)),
  );
const ports = [{ port: 80 }];
const exhausting = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "homeless", namespace: "default" },
  spec: { type: "LoadBalancer", loadBalancerIP: "10.89.0.99", selector: { app: "web" }, ports },
};

const breakages: readonly Breakage[] = [
  {
    what: "sshd of a node is stopped",
    expected: /^node2 \(10\.89\.0\.12, port 22\) refuses connections/,
    // Its own way back: nobody could log in to start it again.
    breakIt: () =>
      onNode("node2", "systemd-run --quiet --on-active=25 systemctl start ssh; systemctl stop ssh.socket ssh"),
    mend: () => new Promise((resolve) => setTimeout(resolve, 25_000)),
  },
  {
    what: "a package is gone",
    expected: /^node1: ipvsadm is not installed$/,
    breakIt: () => onNode("node1", "mv $(command -v ipvsadm) /root/ipvsadm"),
    mend: () => onNode("node1", "mv /root/ipvsadm /usr/sbin/ipvsadm"),
  },
  {
    what: "a module is unloaded",
    expected: /^node2: module ip_vs_wrr is not loaded$/,
    breakIt: () => onNode("node2", "rmmod ip_vs_wrr"),
    mend: () => onNode("node2", "modprobe ip_vs_wrr"),
  },
  {
    what: "the file that loads the modules at boot was edited",
    expected: /^node2: \/etc\/modules-load\.d\/baremetal-lb\.conf was changed$/,
    breakIt: () => onNode("node2", `cp ${file} /root/conf; echo dummy >> ${file}`),
    mend: () => onNode("node2", `mv /root/conf ${file}`),
  },
  {
    what: "kube-proxy's mode was set back",
    expected: /^ConfigMap kube-system\/kube-proxy has mode iptables, declared ipvs$/,
    breakIt: () => editKubeProxy((text) => text.replace(/^"?mode"?: .*$/m, "mode: iptables")),
    mend: () => editKubeProxy((text) => text.replace(/^mode: iptables$/m, '"mode": "ipvs"')),
  },
  {
    what: "a kernel setting of strictARP was set back",
    expected: /^node1: net\.ipv4\.conf\.all\.arp_ignore is 0, strictARP sets 1$/,
    breakIt: () => onNode("node1", "sysctl -qw net.ipv4.conf.all.arp_ignore=0"),
    mend: () => onNode("node1", "sysctl -qw net.ipv4.conf.all.arp_ignore=1"),
  },
  {
    what: "the speaker has an image that nobody has",
    expected: /^speaker on node[12] .*(ErrImagePull|ImagePullBackOff|v0\.9\.99)/,
    breakIt: () => setImage("v0.9.99"),
    mend: () => setImage("v0.9.6"),
  },
  {
    what: "a node has no speaker",
    expected: /node2/,
    breakIt: () =>
      patch("daemonset/speaker", {
        spec: { template: { spec: { nodeSelector: { "kubernetes.io/hostname": "node1" } } } },
      }),
    mend: () =>
      patch("daemonset/speaker", {
        spec: { template: { spec: { nodeSelector: { "kubernetes.io/hostname": null } } } },
      }),
  },
  {
    what: "the controller was scaled to none",
    expected: /^Deployment metallb-system\/controller wants 0 pods/,
    breakIt: () => inMetallb("scale", "deployment/controller", "--replicas=0"),
    mend: () => inMetallb("scale", "deployment/controller", "--replicas=1"),
  },
  {
    what: "the memberlist secret is gone",
    expected: /^Secret metallb-system\/memberlist does not exist/,
    breakIt: remove("secret/memberlist"),
    mend: bringBack("secret/memberlist"),
  },
  {
    what: "the configuration is gone",
    expected: /^ConfigMap metallb-system\/config does not exist/,
    breakIt: remove("configmap/config"),
    mend: bringBack("configmap/config"),
  },
  {
    what: "a Service has no address",
    expected: /^Service default\/homeless has no address/,
    breakIt: () => lab.kubectl(["create", "-f", "-"], { input: JSON.stringify(exhausting) }),
    mend: () => kubectl("delete", "service", "homeless"),
  },
];

onLab("verify on a deployed cluster", () => {
  beforeAll(async () => {
    await lab.up();
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
    await passes();
  }, 2_400_000);

  test("passes with a Service of its own, asked from a host of the network, and leaves nothing", async () => {
    const { code, failed, output } = await verify("--service");
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
    expect(output).not.toContain('"skipped"');
    expect(await kubectl("get", "namespaces", "-o", "name")).not.toContain("baremetal-lb-verify");
  });

  test.each(breakages)(`${fault(25)}: fails, and names the place, where $what`, async ({ expected, breakIt, mend }) => {
    await breakIt();
    try {
      await fails(expected);
    } finally {
      await mend();
    }
    await passes();
  });
});

import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { fault } from "../../faults";
import { apply, ipvsTraces, kubeProxyConfiguration, kubeProxyText, noTraces, onNode } from "../core/cluster";
import { onLab } from "../core/on-lab";

// One of two nodes says that a module is built into its kernel, which has it not: whatever is asked before kube-proxy is
// changed is answered well, and IPVS does not work there all the same.

const stacks = ["nodes", "kube-proxy", "metallb"];
const nodes = ["node1", "node2"];
/** The roll begins with a worker, so that the one of the control plane comes second. */
const [first, failing] = ["node2", "node1"] as const;

const modules = 'cd "/lib/modules/$(uname -r)"';
/** Without dummy kube-proxy has no kube-ipvs0: it keeps running, and syncs nothing. */
const hideModule = `${modules}; rmmod dummy 2>/dev/null || true; mkdir -p /root/hidden; cp modules.builtin /root/hidden;
  file=$(find . -name 'dummy.ko*'); [ -n "$file" ]; mv "$file" /root/hidden; echo "kernel/drivers/net/dummy.ko" >> modules.builtin; depmod`;
/** And loads and keeps it, as the stack nodes does, which took it for built in. */
const bringModuleBack = `${modules}; mv /root/hidden/modules.builtin .; mv /root/hidden/dummy.ko* kernel/drivers/net/; depmod;
  modprobe dummy; echo dummy >> /etc/modules-load.d/baremetal-lb.conf`;

const modeOn = (node: string): Promise<string> => onNode(node, "curl -s http://127.0.0.1:10249/proxyMode");
const apiAnswersOn = (node: string): Promise<string> => onNode(node, "curl -ks --max-time 5 https://10.96.0.1/healthz");

const [
  {
    kubernetes,
    metallb: [version],
  },
] = proven["matrix/failing-node"].runs;

onLab("a node on which IPVS cannot work", () => {
  let original: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version });
    original = await kubeProxyText();
    await onNode(failing, `set -e; ${hideModule}`);
  }, 2_400_000);

  test(`${fault(66)}: the deploy changes the first node, stops at the second, names it and says the way back`, async () => {
    const { code, output } = await lab.cdktf(["deploy", "*", "--auto-approve", "--skip-provider-lock"]);
    expect(code).not.toBe(0);
    expect(output.replace(/[│\s]+/g, " ")).toContain("cdktf destroy kube-proxy");
    expect(output).toContain(failing);
    expect(await modeOn(first)).toBe("ipvs");
    expect(await apiAnswersOn(first)).toBe("ok");
    // MetalLB is not there before every node is proven.
    const { output: namespaces } = await lab.kubectl(["get", "namespaces", "-o", "name"]);
    expect(namespaces).not.toContain("metallb-system");
  }, 900_000);

  test(`${fault(66)}: the way back gives every node the settings before, and the Services answer`, async () => {
    await apply("destroy", "kube-proxy", "--ignore-missing-stack-dependencies");
    expect(await kubeProxyText()).toBe(original);
    for (const node of nodes) {
      expect(await modeOn(node)).toBe("iptables");
      expect(await apiAnswersOn(node)).toBe("ok");
      expect(await ipvsTraces(node)).toEqual(noTraces);
    }
  }, 900_000);

  test("with the module there the same deploy works", async () => {
    await onNode(failing, `set -e; ${bringModuleBack}`);
    await apply("deploy", ...stacks);
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs", ipvs: { strictARP: true } });
    await lab.applyWeb();
    await lab.prove();
  }, 900_000);
});

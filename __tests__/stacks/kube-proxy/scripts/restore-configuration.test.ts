import { fault } from "../../../faults";
import { ControlPlaneNode } from "../../shared/scripts/control-plane-node";
import { shells } from "../../shared/scripts/node-under-test";

const settings = '{"ipvs":{"scheduler":"","strictARP":false},"mode":""}';

describe.each(shells)("restore-configuration under $name", (shell) => {
  let node: ControlPlaneNode;
  const run = () => {
    const { status, stdout, stderr, calls } = node.run("kube-proxy/restore-configuration", {
      KUBECONFIG_FILE: "/etc/kubernetes/admin.conf",
      ORIGINAL_CONFIGMAP: "original",
    });
    return { status, stdout, stderr, applied: calls.some((call) => call.includes("kubectl apply")), calls };
  };

  beforeEach(() => {
    node = new ControlPlaneNode(shell)
      .answer("get configmap kube-proxy -o", 'printf "kind: KubeProxyConfiguration\\nmode: ipvs\\n"')
      .answer("jsonpath={.data.settings", `[ -f "$root/lost" ] || printf '%s' '${settings}'`)
      .answer("jsonpath={.data.config", 'printf "kind: KubeProxyConfiguration\\nmode: fallback\\n"')
      .answer(
        "patch --local",
        'test ! -f "$root/unreadable" && printf "kind: KubeProxyConfiguration\\nmode: patched\\n"',
      )
      .answer("create configmap", 'cat "${6#--from-file=}" >"$root/created"; echo manifest')
      .answer("apply --server-side", 'cat >"$root/applied"');
  });
  afterEach(() => node.dispose());

  test(`${fault(31)}: puts the original settings into the live text, under a field manager of its own`, () => {
    const { status, stdout, stderr, calls } = run();
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: `baremetal-lb: node1: kube-proxy has its original settings again: ${settings}\n`,
      stderr: "",
    });
    expect(calls.map((call) => call.replaceAll(node.root, "").replace(/\/tmp\/tmp\.\w+/g, "TEMP"))).toEqual(
      expect.arrayContaining([
        `KUBECONFIG=/etc/kubernetes/admin.conf kubectl patch --local -f TEMP/live.yaml --type merge -p ${settings} -o yaml`,
        "KUBECONFIG=/etc/kubernetes/admin.conf kubectl -n kube-system create configmap kube-proxy --from-file=TEMP/config.conf --dry-run=client -o yaml",
        "KUBECONFIG=/etc/kubernetes/admin.conf kubectl apply --server-side --force-conflicts --field-manager=baremetal-lb-restore -f -",
      ]),
    );
    expect(node.read("/applied")).toBe("manifest\n");
    expect(node.files("/tmp")).toEqual([]);
  });

  test(`${fault(31)}: falls back to the text of the last deploy where the live one cannot be read`, () => {
    node.write("/unreadable", "");
    expect(run()).toMatchObject({
      status: 0,
      stderr:
        "baremetal-lb: node1: the live config.conf cannot be read, the text of the last deploy is restored instead\n",
    });
    expect(node.read("/created")).toBe("kind: KubeProxyConfiguration\nmode: fallback\n");
  });

  test(`${fault(31)}: writes nothing where the original settings are lost`, () => {
    node.write("/lost", "");
    expect(run()).toMatchObject({
      status: 1,
      applied: false,
      stderr:
        "baremetal-lb: node1: ConfigMap kube-system/original holds no settings.json, kube-proxy was not touched: deploy kube-proxy once more, then destroy it\n",
    });
  });

  test(`${fault(31)}: writes nothing that is no kube-proxy configuration`, () => {
    const empty = new ControlPlaneNode(shell)
      .answer("jsonpath={.data.settings", `printf '%s' '${settings}'`)
      .answer("patch --local", "echo mode: iptables");
    const { status, stderr, calls } = empty.run("kube-proxy/restore-configuration", {
      KUBECONFIG_FILE: "/etc/kubernetes/admin.conf",
      ORIGINAL_CONFIGMAP: "original",
    });
    empty.dispose();
    expect({ status, stderr, applied: calls.filter((call) => call.includes("apply")) }).toEqual({
      status: 1,
      stderr: "baremetal-lb: node1: the text to restore is no KubeProxyConfiguration, kube-proxy was not touched\n",
      applied: [],
    });
  });

  test("says what is missing on the control-plane node", () => {
    node.remove("/etc/kubernetes/admin.conf");
    expect(run()).toMatchObject({
      status: 1,
      stderr:
        "baremetal-lb: node1: kubeconfig /etc/kubernetes/admin.conf is not here: set kubernetes.nodeKubeconfig to an administrator's kubeconfig on this node\n",
    });
    node.remove("/usr/bin/kubectl");
    expect(run()).toMatchObject({
      status: 1,
      stderr: "baremetal-lb: node1: kubectl is not here: install it on the control-plane nodes\n",
    });
  });
});

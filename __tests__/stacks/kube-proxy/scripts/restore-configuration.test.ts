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
      MAX_UNAVAILABLE: 2,
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

  test(`${fault(67)}: rolls kube-proxy as many at a time as declared, then puts the DaemonSet's strategy back`, () => {
    node
      .answer("template.metadata.annotations", "echo id")
      .answer("desiredNumberScheduled", "echo 3")
      // Of a roll that was broken off.
      .answer("update-strategy}", "echo RollingUpdate 1 0");
    const { status, calls } = run();
    expect(status).toBe(0);
    const words = / (patch daemonset .*|apply|rollout status) ?/;
    expect(calls.filter((call) => words.test(call)).map((call) => words.exec(call)?.[1]?.split(" -p ").pop())).toEqual([
      "apply",
      '{"metadata":{"annotations":{"baremetal-lb/update-strategy":"RollingUpdate 1 0"}},"spec":{"template":{"metadata":{"annotations":{"baremetal-lb/restart-id":null}}},"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":null,"maxUnavailable":2}}}}',
      "rollout status",
      '{"metadata":{"annotations":{"baremetal-lb/update-strategy":null}},"spec":{"updateStrategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1,"maxSurge":0}}}}',
    ]);
  });

  test(`${fault(67)}: puts the strategy back also where the pods were not rolled yet, or do not get ready`, () => {
    node.answer("update-strategy}", "echo RollingUpdate 1 0");
    expect(run().calls.filter((call) => call.includes("patch daemonset"))).toHaveLength(1);
    node
      .answer("template.metadata.annotations", "echo id")
      .answer("desiredNumberScheduled", "echo 3")
      .answer("rollout status", "exit 1");
    const { status, stderr, calls } = run();
    expect(status).toBe(1);
    expect(stderr).toBe(
      "baremetal-lb: node1: kube-proxy did not get ready within 240 s with its original settings: see its pods above, then destroy again\n",
    );
    expect(calls.filter((call) => call.includes("patch daemonset"))).toHaveLength(2);
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

  test(`${fault(31)}: falls back on a text as Terraform writes it, with its keys in quotes`, () => {
    const written = new ControlPlaneNode(shell)
      .answer("jsonpath={.data.settings", `printf '%s' '${settings}'`)
      .answer("jsonpath={.data.config", `printf '"kind": "KubeProxyConfiguration"\\n"mode": ""\\n'`)
      .answer("patch --local", "exit 1")
      .answer("create configmap", 'cat "${6#--from-file=}" >"$root/created"; echo manifest');
    const { status } = written.run("kube-proxy/restore-configuration", {
      KUBECONFIG_FILE: "/etc/kubernetes/admin.conf",
      ORIGINAL_CONFIGMAP: "original",
      MAX_UNAVAILABLE: 1,
    });
    expect({ status, created: written.read("/created") }).toEqual({
      status: 0,
      created: '"kind": "KubeProxyConfiguration"\n"mode": ""\n',
    });
    written.dispose();
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
      MAX_UNAVAILABLE: 2,
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

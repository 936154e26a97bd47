import { fault } from "../../../faults";
import { ControlPlaneNode } from "../../shared/scripts/control-plane-node";
import { shells } from "../../shared/scripts/node-under-test";

/** A control-plane node with kube-proxy's DaemonSet and its pods. */
class RollingCluster extends ControlPlaneNode {
  /** The DaemonSet, by the paths that the scripts ask for. */
  set(name: "type" | "max" | "surge" | "kept" | "id" | "new-id", value: string): this {
    return this.write(`/ds/${name}`, value);
  }

  get(name: string): string {
    return this.read(`/ds/${name}`);
  }

  /** "node pod id ready", one for each pod. */
  pods(...pods: string[]): this {
    return this.write("/pods", pods.map((pod) => `${pod.replaceAll(" ", "\t")}\t\n`).join(""));
  }
}

const access = { KUBECONFIG_FILE: "/etc/kubernetes/admin.conf" };

describe.each(shells)("a roll of kube-proxy under $name", (shell) => {
  let cluster: RollingCluster;
  const patches = (calls: readonly string[]) =>
    calls.flatMap((call) => / patch daemonset kube-proxy --type merge -p (.*)$/.exec(call)?.[1] ?? []);
  const roll = (nodes: string, parameters = {}) => {
    const outcome = cluster.run("kube-proxy/roll-nodes", { ...access, NODES: nodes, WAIT_SECONDS: 20, ...parameters });
    return { ...outcome, deleted: outcome.calls.flatMap((call) => / delete pod (\S+) /.exec(call)?.[1] ?? []) };
  };
  const onDelete =
    '{"metadata":{"annotations":{"baremetal-lb/update-strategy":"RollingUpdate 1 0"}},"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}';

  beforeEach(() => {
    // A patch is taken by what it says; a deleted pod is there again with the template's id ("new-id") and ready.
    const patch = `case "$*" in
      *'"type":"OnDelete"'*) echo OnDelete >"$root/ds/type" ;; *'"type":"RollingUpdate"'*) echo RollingUpdate >"$root/ds/type" ;;
      esac
      case "$*" in *'update-strategy":null'*) : >"$root/ds/kept" ;; *'update-strategy":"'*) echo "$*" | sed 's/.*update-strategy":"\\([^"]*\\)".*/\\1/' >"$root/ds/kept" ;; esac
      case "$*" in *'restart-id":null'*) : >"$root/ds/id" ;; esac`;
    cluster = new RollingCluster(shell);
    cluster
      .answer("updateStrategy.type} {.spec.template", `echo "$(cat $root/ds/type) $(cat $root/ds/id)"`)
      .answer("updateStrategy.type} {", `echo "$(cat $root/ds/type) $(cat $root/ds/max) $(cat $root/ds/surge)"`)
      .answer("updateStrategy.type}", `cat "$root/ds/type"`)
      .answer("update-strategy}", `cat "$root/ds/kept"`)
      .answer("desiredNumberScheduled", "echo 3")
      .answer("patch daemonset", patch)
      .answer("get pods -l k8s-app=kube-proxy -o wide", "echo PODS")
      .answer("containerStatuses[0].state.waiting", ":")
      .answer("get pods", `cat "$root/pods"`)
      .answer(
        "delete pod",
        `awk -F '\\t' -v OFS='\\t' -v pod="$5" -v id="$(cat $root/ds/new-id)" '$2 == pod { $2 = pod "x"; $3 = id } { print }' "$root/pods" >"$root/rest"; mv "$root/rest" "$root/pods"`,
      );
    cluster
      .set("type", "RollingUpdate\n")
      .set("max", "1")
      .set("surge", "0")
      .set("kept", "")
      .set("id", "new")
      .set("new-id", "new")
      .pods("node1 p1 old true", "node2 p2 old true", "node3 p3  true");
  });
  afterEach(() => cluster.dispose());

  test("the DaemonSet replaces no pod by itself from the hold on; its strategy is kept in the same call", () => {
    const { status, stdout, calls } = cluster.run("kube-proxy/hold-rollout", access);
    expect({ status, stdout, patches: patches(calls) }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy's pods are replaced node by node from now on\n",
      patches: [onDelete],
    });
    const again = cluster.run("kube-proxy/hold-rollout", access);
    expect(patches(again.calls)).toEqual([]);
  });

  test(`${fault(66)}: only the pods of the step's nodes are replaced, with the DaemonSet held`, () => {
    const { status, stdout, deleted, calls } = roll("node2");
    expect({ status, stdout, deleted, patches: patches(calls) }).toEqual({
      status: 0,
      stdout: "baremetal-lb: node1: kube-proxy runs anew on node2\n",
      deleted: ["p2"],
      patches: [onDelete],
    });
    expect(calls.filter((call) => call.includes("--field-selector=spec.nodeName=node2"))).not.toEqual([]);
    expect(roll("node1 node3").deleted).toEqual(["p1", "p3"]);
  });

  test("a pod of the current template stays: an apply that was killed goes on where it was", () => {
    cluster.pods("node1 p1 new true", "node2 p2 old true");
    expect(roll("node1").deleted).toEqual([]);
    expect(roll("node1 node2").deleted).toEqual(["p2"]);
  });

  test("a pod that the controller made of the old template goes, too", () => {
    cluster.set("new-id", "old").answer("never", ":");
    const { status, deleted } = roll("node1");
    expect(status).toBe(1);
    expect(deleted.slice(0, 3)).toEqual(["p1", "p1x", "p1xx"]);
  });

  test(`${fault(66)}: a pod that does not get ready ends the roll, with the way back`, () => {
    cluster.pods("node1 p1 new false", "node2 p2 new true");
    const { status, stderr, deleted } = roll("node1 node2 node9");
    expect({ status, stderr, deleted }).toEqual({
      status: 1,
      stderr:
        "PODS\nbaremetal-lb: node1: kube-proxy did not get ready within 20 s on node1 node9. No further node is changed. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies\n",
      deleted: [],
    });
  });

  test.each([
    ["RollingUpdate 1 0", '{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":1,"maxSurge":0}}'],
    ["RollingUpdate 10% ", '{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"10%","maxSurge":null}}'],
    ["OnDelete  ", '{"type":"OnDelete","rollingUpdate":null}'],
  ])(`${fault(67)}: the strategy %s is put back after the last node`, (kept, strategy) => {
    cluster.set("type", "OnDelete\n").set("kept", kept);
    const { status, stderr, calls } = cluster.run("kube-proxy/finish-rollout", access);
    expect({ status, stderr, patches: patches(calls) }).toEqual({
      status: 0,
      stderr: "",
      patches: [
        `{"metadata":{"annotations":{"baremetal-lb/update-strategy":null}},"spec":{"updateStrategy":${strategy}}}`,
      ],
    });
    expect(calls.filter((call) => call.includes("rollout status"))).toHaveLength(kept.startsWith("OnDelete") ? 0 : 1);
  });

  test(`${fault(29)}: kube-proxy that does not get ready, on a node that cluster.yaml does not name, fails with its last lines and the way back`, () => {
    const other = new ControlPlaneNode(shell)
      .answer("desiredNumberScheduled", "echo 3")
      .answer("updateStrategy.type", "echo RollingUpdate")
      .answer("update-strategy}", ":")
      .answer("rollout status", "exit 1")
      .answer("-o wide", "echo the pods")
      .answer("-o jsonpath", 'printf "kube-proxy-a true  \\nkube-proxy-b false CrashLoopBackOff back-off 40s\\n"')
      .answer("logs --tail=20 kube-proxy-b", "echo cannot load ip_vs");
    const { status, stderr, calls } = other.run("kube-proxy/finish-rollout", access);
    other.dispose();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "the pods\npod kube-proxy-b is not ready: CrashLoopBackOff back-off 40s\n  kube-proxy-b: cannot load ip_vs\n" +
        "baremetal-lb: node1: kube-proxy did not get ready within 240 s on every node of the cluster. To go back to the settings before: cdktf destroy kube-proxy --ignore-missing-stack-dependencies\n",
    });
    expect(calls.filter((call) => call.includes("rollout status"))).toEqual([
      `KUBECONFIG=${other.root}/etc/kubernetes/admin.conf kubectl -n kube-system rollout status daemonset/kube-proxy --timeout=240s`,
    ]);
  });

  test(`${fault(61)}: an annotation that holds something else is refused, and nothing of it is run`, () => {
    for (const kept of [
      "'; touch $root/ran; '",
      "$(touch $root/ran)",
      'RollingUpdate 1},"x":{ 0',
      "RollingUpdate 1 $(id)",
    ]) {
      cluster.set("type", "OnDelete\n").set("kept", kept.replaceAll("$root", cluster.root));
      const { status, stderr, calls } = cluster.run("kube-proxy/finish-rollout", access);
      expect({ status, patches: patches(calls) }).toEqual({ status: 1, patches: [] });
      expect(stderr).toContain("which is no update strategy");
      expect(cluster.files("/").filter((file) => file === "/ran")).toEqual([]);
    }
  });

  test(`${fault(64)}: kubectl that may not do what is needed is refused before anything is changed`, () => {
    expect(cluster.run("kube-proxy/require-kubectl", access)).toMatchObject({
      status: 0,
      stdout: "baremetal-lb: node1: kubectl and /etc/kubernetes/admin.conf are ready\n",
    });
    const weak = new ControlPlaneNode(shell).answer("can-i patch", "exit 1");
    const { status, stderr } = weak.run("kube-proxy/require-kubectl", access);
    weak.dispose();
    expect(status).toBe(1);
    expect(stderr).toBe(
      "baremetal-lb: node1: kubectl with /etc/kubernetes/admin.conf may not patch kube-proxy's DaemonSet, or the Kubernetes API does not answer (its words are above), kube-proxy was not touched: set kubernetes.nodeKubeconfig to an administrator's kubeconfig on this node\n",
    );
  });

  test.each(["/opt/bin/kubectl", "/usr/local/bin/kubectl", "/var/lib/rancher/rke2/bin/kubectl", "/usr/local/bin/k3s"])(
    `${fault(64)}: kubectl is found at %s`,
    (path) => {
      const text = cluster.read("/usr/bin/kubectl");
      const shifted = path.endsWith("k3s") ? text.replace("\n", '\n[ "$1" = kubectl ] || exit 9; shift\n') : text;
      cluster.remove("/usr/bin/kubectl").write(path, shifted, 0o755);
      expect(cluster.run("kube-proxy/require-kubectl", access)).toMatchObject({ status: 0, stderr: "" });
      expect(roll("node1").deleted).toEqual(["p1"]);
    },
  );
});

import { fault } from "../../../faults";
import { ControlPlaneNode } from "../../shared/scripts/control-plane-node";
import { shells } from "../../shared/scripts/node-under-test";

const settings = { KUBECONFIG_FILE: "/etc/kubernetes/admin.conf", WAIT_SECONDS: 300, SETTLE_SECONDS: 5 };
const taken = "echo metallb_k8s_client_config_loaded_bool 1; echo metallb_k8s_client_config_stale_bool 0";
/** The Deployments of the namespace, by their names. */
const deployments = (...names: string[]) => `printf '${names.map((name) => `${name}\\n`).join("")}'`;
/** Lines of FRRNodeStates: node, conversion, reload. */
const states = (...lines: string[]) => lines.map((line) => `echo '${line}'`).join("; ");

describe.each(shells)("frr-k8s under $name", (shell) => {
  let node: ControlPlaneNode;

  beforeEach(() => {
    node = new ControlPlaneNode(shell).clock({ pace: 5 });
  });
  afterEach(() => node.dispose());

  const kubectlCalls = (calls: readonly string[]) => calls.flatMap((call) => call.split(" kubectl ")[1] ?? []);

  describe("before the speakers", () => {
    const require = () => node.run("metallb/require-frr-k8s", settings);

    test.each(["frr-k8s-webhook-server", "frr-k8s-statuscleaner"])(
      `${fault(249)}: its daemons are waited for, and %s`,
      (server) => {
        node.answer("get deployments", deployments("controller", server));
        const { status, stdout, stderr, calls } = require();
        expect({ status, stdout, stderr }).toEqual({
          status: 0,
          stdout:
            "baremetal-lb: node1: frr-k8s runs on every node, so that the speakers can hand their BGP sessions over to it\n",
          stderr: "",
        });
        const waits = kubectlCalls(calls).flatMap((call) => /rollout status (\S+)/.exec(call)?.[1] ?? []);
        expect(waits).toEqual(["daemonset/frr-k8s-daemon", `deployment/${server}`]);
      },
    );

    test("where a deploy changes the version, the newer one's server is", () => {
      node.answer("get deployments", deployments("controller", "frr-k8s-statuscleaner", "frr-k8s-webhook-server"));
      expect(kubectlCalls(require().calls).join("\n")).toContain("deployment/frr-k8s-statuscleaner");
    });

    test(`${fault(249)}: a pod that does not get ready fails, bounded, with its name and reason`, () => {
      node
        .answer("get deployments", deployments("frr-k8s-webhook-server"))
        .answer("daemonset/frr-k8s-daemon", "exit 1")
        .answer("-o wide", "echo the pods")
        .answer("-o jsonpath", 'printf "frr-k8s-daemon-x false ImagePullBackOff no such image\\n"');
      const { status, stderr } = require();
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr:
          "the pods\npod frr-k8s-daemon-x is not ready: ImagePullBackOff no such image\n" +
          "baremetal-lb: node1: frr-k8s did not get ready within 300 s: mend the cause named above, then deploy metallb again\n",
      });
    });

    test.each([
      [
        "echo connection refused >&2; exit 1",
        "connection refused\nbaremetal-lb: node1: kubectl cannot list the Deployments of metallb-system, it says why above: deploy metallb again\n",
      ],
      [
        deployments("controller"),
        "baremetal-lb: node1: metallb-system has no Deployment of frr-k8s: deploy metallb again\n",
      ],
    ])("a list of Deployments that is %j is an error", (answer, expected) => {
      node.answer("get deployments", answer);
      expect(require()).toMatchObject({ status: 1, stderr: expected });
    });
  });

  describe("after all of it", () => {
    const prove = () => node.run("metallb/prove-frr-k8s", settings);
    const running = (...lines: string[]) =>
      node
        .answer("get deployments", deployments("frr-k8s-webhook-server"))
        .answer("get deployment ", "echo quay.io/metallb/controller:v0.15.2")
        .answer("control-plane=frr-k8s", "printf 'node1\\nnode2\\n'")
        .answer("get pods", "printf 'controller-a uid-a controller \\nspeaker-b uid-b speaker \\n'")
        .answer("get --raw", taken)
        .answer("frrnodestates", states(...lines));

    test(`${fault(250)}: passes when FRR took the configuration on every node, and both webhooks answer`, () => {
      running("node1|success|success", "node2|success|success", "node9|failed: old|");
      const { status, stdout, stderr, calls } = prove();
      expect({ status, stdout, stderr }).toEqual({
        status: 0,
        stdout:
          "baremetal-lb: node1: MetalLB's controller and speakers run and have taken the address pools, frr-k8s has taken what they made of them, and the webhooks of both answer\n",
        stderr: "",
      });
      expect(kubectlCalls(calls).filter((call) => call.startsWith("create"))).toEqual([
        "create --dry-run=server -f -",
        "create --dry-run=server -f -",
      ]);
    });

    test.each([
      [
        "node2|failed: no such BFD profile|success",
        "it cannot make FRR's configuration on node2: failed: no such BFD profile",
      ],
      ["node2|success|line 7: unknown command", "FRR on node2 does not take it: line 7: unknown command"],
      ["node2||", "it has not said yet whether FRR takes it on node2 (FRRNodeState)"],
      ["node2|success|", "it has not said yet whether FRR takes it on node2 (FRRNodeState)"],
      ["node3|success|success", "it has not said yet whether FRR takes it on node2 (FRRNodeState)"],
    ])(`${fault(250)}: %s of a node fails, bounded`, (line, why) => {
      running("node1|success|success", line);
      const { status, stderr } = prove();
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: `baremetal-lb: node1: frr-k8s did not take the configuration of the speakers: ${why}\n`,
      });
    });

    test.each([
      ["frrnodestates", "what it says of the nodes (FRRNodeState) cannot be read: connection refused"],
      ["control-plane=frr-k8s", "its pods cannot be listed: connection refused"],
    ])(`${fault(250)}: a kubectl that fails at %s proves nothing`, (words, why) => {
      node.answer(words, "echo connection refused >&2; exit 1");
      running("node1|success|success", "node2|success|success");
      expect(prove()).toMatchObject({
        status: 1,
        stderr: `baremetal-lb: node1: frr-k8s did not take the configuration of the speakers: ${why}\n`,
      });
    });

    test(`${fault(250)}: a webhook of it that does not answer fails, bounded, with what Kubernetes says`, () => {
      const created = 'if grep -q FRRConfiguration; then echo "failed calling webhook y: x509" >&2; exit 1; fi';
      running("node1|success|success", "node2|success|success").answer("create", created);
      const { status, stderr } = prove();
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr:
          "  failed calling webhook y: x509\n" +
          "baremetal-lb: node1: frr-k8s' webhook does not answer after 300 s, so that no speaker can change a BGP session: mend the cause named above, then deploy metallb again\n",
      });
    });
  });
});

import { fault } from "../../faults";
import { frrK8sObjects, frrK8sPaths, frrK8sPod, frrNodeState } from "../frr-k8s-objects";
import { daemonSet, type Objects } from "./healthy-cluster";
import { healthyWith, metallbOf } from "./healthy-resources";
import { checksOf } from "./looked-at";

const heal = "npx baremetal-lb heal";
const version = "0.16.2";
const declared = metallbOf(version, { bgpType: "frr-k8s" });

const verified = async (changes: Objects = {}, config: Record<string, unknown> = declared) => {
  const objects = { ...healthyWith(version, { bgpType: "frr-k8s" }), ...frrK8sObjects() };
  const checks = await checksOf(changes, config, objects);
  return checks.filter(({ id }) => id.startsWith("metallb.frr-k8s"));
};
const notPassed = async (changes: Objects) => (await verified(changes)).filter(({ status }) => status !== "passed");

describe("frr-k8s", () => {
  it("that is as declared passes every check of it", async () => {
    expect((await verified()).map(({ id, place, status, text }) => `${status} ${id} ${place} | ${text}`)).toStrictEqual(
      [
        "passed metallb.frr-k8s metallb-system/frr-k8s-daemon | DaemonSet metallb-system/frr-k8s-daemon is rolled out",
        "passed metallb.frr-k8s metallb-system/frr-k8s-statuscleaner | Deployment metallb-system/frr-k8s-statuscleaner is rolled out",
        "passed metallb.frr-k8s-webhook frr-k8s-validating-webhook-configuration | ValidatingWebhookConfiguration frr-k8s-validating-webhook-configuration has its CA",
        "passed metallb.frr-k8s-node node1 | frr-k8s on node1 is ready, and FRR has taken its configuration",
        "passed metallb.frr-k8s-node node2 | frr-k8s on node2 is ready, and FRR has taken its configuration",
      ],
    );
  });

  it("is not asked for with another bgpType", async () => {
    expect(await verified({}, metallbOf(version))).toStrictEqual([]);
  });

  it("that is not there, or not rolled out, is a failed check of its own", async () => {
    const found = await notPassed({
      [frrK8sPaths.daemonSet]: daemonSet("frr-k8s", "quay.io/metallb/frr-k8s:v0.0.27", 2, 1),
      [frrK8sPaths.server]: undefined,
      [frrK8sPaths.webhook]: undefined,
    });
    expect(found).toStrictEqual([
      {
        id: "metallb.frr-k8s",
        place: "metallb-system/frr-k8s-daemon",
        status: "failed",
        text: "DaemonSet metallb-system/frr-k8s-daemon: 1 of 2 pods are available",
        remedy: heal,
      },
      {
        id: "metallb.frr-k8s",
        place: "metallb-system/frr-k8s-statuscleaner",
        status: "failed",
        text: "Deployment metallb-system/frr-k8s-statuscleaner does not exist",
        remedy: heal,
      },
      {
        id: "metallb.frr-k8s-webhook",
        place: "frr-k8s-validating-webhook-configuration",
        status: "failed",
        text: "ValidatingWebhookConfiguration frr-k8s-validating-webhook-configuration does not exist: nobody judges FRRConfigurations",
        remedy: heal,
      },
    ]);
  });

  it(`${fault(250)}: whose webhook has no CA lets no speaker change a session`, async () => {
    expect(await notPassed({ [frrK8sPaths.webhook]: { webhooks: [{ clientConfig: {} }] } })).toStrictEqual([
      {
        id: "metallb.frr-k8s-webhook",
        place: "frr-k8s-validating-webhook-configuration",
        status: "failed",
        text: "ValidatingWebhookConfiguration frr-k8s-validating-webhook-configuration: 1 of 1 webhooks have no CA, so that no speaker can change a BGP session",
        remedy: "see the log of frr-k8s' webhook, which writes the CA when it starts",
      },
    ]);
  });

  it(`${fault(251)}: that does not run beside a speaker is named with the node`, async () => {
    const items = [frrK8sPod("node2", false)];
    expect(await notPassed({ [frrK8sPaths.pods]: { items } })).toStrictEqual([
      {
        id: "metallb.frr-k8s-node",
        place: "node1",
        status: "failed",
        text: "there is no frr-k8s on node1: its speaker announces nothing by BGP",
        remedy: `${heal}; if the DaemonSet is as declared, see whether a taint of node1 keeps it off`,
      },
      {
        id: "metallb.frr-k8s-node",
        place: "node2",
        status: "failed",
        text: "frr-k8s on node2 is not ready: ImagePullBackOff",
      },
    ]);
  });

  it.each([
    [
      frrNodeState("node1", "failed: no such BFD profile", "success"),
      "frr-k8s cannot make FRR's configuration on node1: failed: no such BFD profile",
    ],
    [
      frrNodeState("node1", "success", "line 7: unknown command\n"),
      "FRR on node1 does not take its configuration: line 7: unknown command",
    ],
    [
      frrNodeState("node1", "success"),
      "frr-k8s on node1 has not said yet whether FRR takes its configuration (FRRNodeState node1)",
    ],
    [
      frrNodeState("other"),
      "frr-k8s on node1 has not said yet whether FRR takes its configuration (FRRNodeState node1)",
    ],
  ])(
    `${fault(250)}: whose FRR did not take the configuration is named with node and reason: %#`,
    async (state, text) => {
      const items = [state, frrNodeState("node2", "success", "success")];
      expect(await notPassed({ [frrK8sPaths.nodeStates]: { items } })).toStrictEqual([
        {
          id: "metallb.frr-k8s-node",
          place: "node1",
          status: "failed",
          text,
          remedy: "see kubectl -n metallb-system logs frr-k8s-daemon-node1 --all-containers",
        },
      ]);
    },
  );
});

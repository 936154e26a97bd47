import { metallbVersions, usesCustomResources } from "../../../../stacks/metallb/release/releases";
import { runningOf } from "../../../../stacks/metallb/release/running";
import { fault } from "../../../faults";
import { ControlPlaneNode } from "../../shared/scripts/control-plane-node";
import { shells } from "../../shared/scripts/node-under-test";

const kubeconfig = { KUBECONFIG_FILE: "/etc/kubernetes/admin.conf" };
const pods =
  "printf 'controller-a uid-a controller \\nspeaker-b uid-b speaker \\nspeaker-c uid-c speaker 2026-01-01\\n'";
/** What a pod's metrics say of its configuration, among others. */
const metrics = (loaded: number, stale: number) =>
  [
    "echo '# TYPE metallb_k8s_client_config_loaded_bool gauge'",
    `echo metallb_k8s_client_config_loaded_bool ${loaded}`,
    `echo metallb_k8s_client_config_stale_bool ${stale}`,
    "echo metallb_k8s_client_updates_total 7",
  ].join("; ");
const taken = metrics(1, 0);
/** A line of a ConfigurationState: the uid of its pod, its conditions, its summary. */
const state = (uid: string, conditions: string, summary = "") => `echo '${uid}|${conditions}|${summary}'`;

describe.each(shells)("the rollouts under $name", (shell) => {
  let node: ControlPlaneNode;

  beforeEach(() => {
    node = new ControlPlaneNode(shell).clock({ pace: 5 });
  });
  afterEach(() => node.dispose());

  test(`${fault(34)}: MetalLB that does not get ready fails with pod and reason`, () => {
    node
      .answer("daemonset/speaker", "exit 1")
      .answer("-o wide", "echo the pods")
      .answer("-o jsonpath", 'printf "speaker-b false ImagePullBackOff no such image\\n"');
    const { status, stderr } = node.run("metallb/prove-config-map", {
      ...kubeconfig,
      WAIT_SECONDS: 300,
      SETTLE_SECONDS: 5,
    });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "the pods\npod speaker-b is not ready: ImagePullBackOff no such image\n" +
        "baremetal-lb: node1: MetalLB did not get ready within 300 s: mend the cause named above, then deploy metallb again\n",
    });
  });

  describe("MetalLB 0.9", () => {
    const rollOut = () => node.run("metallb/prove-config-map", { ...kubeconfig, WAIT_SECONDS: 300, SETTLE_SECONDS: 5 });
    const running = () =>
      node.answer("get deployment", "echo docker.io/metallb/controller:v0.9.6").answer("get pods", pods);

    test(`${fault(111)}: passes when every pod's metrics say that the configuration is loaded and not stale; no log is asked`, () => {
      running().answer("get --raw", taken);
      const { status, stdout, stderr, calls } = rollOut();
      expect({ status, stdout, stderr }).toEqual({
        status: 0,
        stdout: "baremetal-lb: node1: MetalLB's controller and speakers run, and have taken the configuration\n",
        stderr: "",
      });
      expect(calls.filter((call) => / (logs|get --raw) /.test(call)).map((call) => call.split(" kubectl ")[1])).toEqual(
        [
          "get --raw /api/v1/namespaces/metallb-system/pods/controller-a:7472/proxy/metrics",
          "get --raw /api/v1/namespaces/metallb-system/pods/speaker-b:7472/proxy/metrics",
        ],
      );
    });

    test("a configuration that a pod refused fails with what the pod said", () => {
      running()
        .answer("controller-a:7472", taken)
        .answer("speaker-b:7472", metrics(1, 1))
        .answer("logs --tail=2000 speaker-b -c speaker", 'echo \'{"event":"configStale","error":"no such pool"}\'');
      expect(rollOut()).toMatchObject({
        status: 1,
        stderr:
          '  speaker-b: {"event":"configStale","error":"no such pool"}\n' +
          "baremetal-lb: node1: pod speaker-b did not take the configuration in ConfigMap metallb-system/config: it keeps an older configuration. The addresses stay as they were\n",
      });
    });

    test.each([
      ["one that never loaded any", metrics(0, 1), "it has no configuration"],
      ["metrics without the two lines", "echo other 1", "it has no configuration"],
      [
        "metrics that cannot be read",
        "echo 'Error from server (ServiceUnavailable)' >&2; exit 1",
        "its metrics cannot be read at port 7472: Error from server (ServiceUnavailable)",
      ],
    ])(`${fault(111)}: %s fail, also where the log says nothing`, (_, answer, why) => {
      running().answer("get --raw", answer).answer("logs", "exit 1");
      expect(rollOut()).toMatchObject({
        status: 1,
        stderr: `baremetal-lb: node1: pod controller-a did not take the configuration in ConfigMap metallb-system/config: ${why}. The addresses stay as they were\n`,
      });
    });
  });

  describe("MetalLB 0.13 and later", () => {
    const settings = { ...kubeconfig, WAIT_SECONDS: 4, SETTLE_SECONDS: 5 };
    const rollOut = () => node.run("metallb/prove-custom-resources", settings);
    const prove = () => node.run("metallb/prove-address-pools", settings);
    const running = (version = "0.15.2") =>
      node.answer("get deployment", `echo quay.io/metallb/controller:v${version}`).answer("get pods", pods);
    const allTaken = () => running().answer("get --raw", taken);

    test("passes when every pod took the pools, and the webhook accepts a pool", () => {
      allTaken();
      const { status, stdout, stderr, calls } = rollOut();
      expect({ status, stdout, stderr }).toEqual({
        status: 0,
        stdout:
          "baremetal-lb: node1: MetalLB's controller and speakers run and have taken the address pools, its webhook answers\n",
        stderr: "",
      });
      expect(calls.filter((call) => call.includes("create"))).toEqual([
        `KUBECONFIG=${node.root}/etc/kubernetes/admin.conf kubectl create --dry-run=server -f -`,
      ]);
    });

    test.each(metallbVersions.filter(usesCustomResources))(
      `${fault(111)}: %s is asked by what verify asks, too`,
      (version) => {
        running(version)
          .answer("get --raw", taken)
          .answer("get configurationstates", `${state("uid-a", "True")}; ${state("uid-b", "True True")}`);
        const { status, calls } = rollOut();
        expect(status).toBe(0);
        const asked = calls.filter((call) => /get --raw|get configurationstates/.test(call));
        const { port, secure } = runningOf(version).metrics;
        expect(asked).toHaveLength(2);
        for (const call of asked) {
          expect(call).toContain(secure ? "get configurationstates.metallb.io" : `:${port}/proxy/metrics`);
        }
        expect(calls.filter((call) => call.includes(" logs "))).toEqual([]);
      },
    );

    test.each([
      [
        "that is another pod's",
        state("uid-old", "True"),
        "it has not said yet whether it takes the configuration (ConfigurationState)",
      ],
      [
        "without a condition",
        state("uid-a", ""),
        "it has not said yet whether it takes the configuration (ConfigurationState)",
      ],
      [
        "with a refusal",
        state("uid-a", "True False", "CIDR overlaps"),
        "it keeps an older configuration: CIDR overlaps",
      ],
      ["that nobody knows", state("uid-a", "Unknown"), "it keeps an older configuration: "],
      ["that cannot be read", "echo no >&2; exit 1", "its ConfigurationState cannot be read: no"],
    ])(`${fault(111)}: a ConfigurationState %s fails`, (_, answer, why) => {
      running("0.16.2").answer("get configurationstates", answer);
      expect(rollOut()).toMatchObject({
        status: 1,
        stderr: `baremetal-lb: node1: pod controller-a did not take the address pools: ${why}. The addresses stay as they were\n`,
      });
    });

    test.each([
      ["get deployment", "kubectl cannot read Deployment metallb-system/controller, it says why above: deploy again"],
      ["get pods", "kubectl cannot list MetalLB's pods, it says why above: deploy again"],
    ])(`${fault(111)}: a kubectl that fails at %s is an error, not pods that took the pools`, (words, error) => {
      node.answer(words, "echo connection refused >&2; exit 1");
      allTaken();
      expect(rollOut()).toMatchObject({
        status: 1,
        stderr: `connection refused\nbaremetal-lb: node1: ${error}\n`,
      });
      expect(prove()).toMatchObject({ status: 1, stderr: expect.stringMatching(/^connection refused\n/) });
    });

    test(`${fault(111)}: no pod at all has taken nothing`, () => {
      node.answer("get pods", "true");
      allTaken();
      for (const { status, stderr } of [rollOut(), prove()]) {
        expect({ status, stderr }).toEqual({
          status: 1,
          stderr:
            "baremetal-lb: node1: no pod of MetalLB runs in metallb-system: see kubectl -n metallb-system get pods\n",
        });
      }
    });

    test("pools that are in force already are proven, too, whatever the logs still have", () => {
      allTaken();
      expect(prove()).toMatchObject({
        status: 0,
        stdout: "baremetal-lb: node1: MetalLB's controller and speakers have taken the address pools\n",
        stderr: "",
      });
    });

    describe(`${fault(163)}: CRDs that were made anew`, () => {
      const crds = "printf '2026-11-26T03:00:05Z\\n2026-11-26T03:00:10Z\\n2026-11-26T03:00:07Z\\n'";
      /** The pods' times; the names and uids that the proof asks for come in the same line. */
      const made = (...times: string[]) => {
        const lines = times.map((time, index) => `pod-${index} ${time} `).join("\\n");
        node.answer("get crds", crds).answer("creationTimestamp", `printf '${lines}\\n'`);
        allTaken();
      };
      const deleted = (calls: readonly string[]) =>
        calls.filter((call) => call.includes(" delete ")).map((call) => call.split(" kubectl ")[1]);

      test("restart the pods that watched those before, all at once, and only then are the pods asked", () => {
        made("2026-11-25T10:00:00Z", "2026-11-26T03:00:10Z", "2026-11-26T03:00:11Z");
        const { status, stdout, stderr, calls } = prove();
        expect({ status, stdout, stderr }).toEqual({
          status: 0,
          stdout:
            "baremetal-lb: node1: MetalLB's CRDs were made anew: restarted 2 pods that watched those before\n" +
            "baremetal-lb: node1: MetalLB's controller and speakers have taken the address pools\n",
          stderr: "",
        });
        expect(deleted(calls)).toEqual(["-n metallb-system delete pods --wait=false --ignore-not-found pod-0 pod-1"]);
        const [last] = calls.flatMap((call, index) => (call.includes(" delete ") ? [index] : []));
        expect(calls.findIndex((call) => call.includes("get --raw"))).toBeGreaterThan(last ?? calls.length);
      });

      test("are proven when as many pods as before run again, and not by those that are back first", () => {
        const [controller, speaker] = ["controller-a uid-a controller ", "speaker-b uid-b speaker "];
        node
          .answer("get crds", crds)
          .answer(
            "creationTimestamp",
            "printf 'controller-o 2026-11-25T10:00:00Z \\nspeaker-o 2026-11-25T10:00:00Z \\n'",
          )
          .answer(
            "status.phase=Running",
            `echo >>"$root/asked"\ncase $(grep -c '' "$root/asked") in 2 | 3) echo '${controller}' ;; *) printf '${controller}\\n${speaker}\\n' ;; esac`,
          );
        allTaken();
        const { status, calls } = prove();
        expect(status).toBe(0);
        expect(calls.flatMap((call) => /pods\/([a-z-]+):7472/.exec(call)?.[1] ?? [])).toEqual([
          "controller-a",
          "speaker-b",
        ]);
      });

      test("leave pods that are younger alone", () => {
        made("2026-11-26T03:00:11Z", "2026-11-26T03:00:12Z");
        const { status, calls } = prove();
        expect({ status, deleted: deleted(calls) }).toEqual({ status: 0, deleted: [] });
      });

      test("are not proven where they cannot be read", () => {
        node.answer("get crds", "echo connection refused >&2; exit 1");
        allTaken();
        const { status, stderr } = prove();
        expect({ status, stderr }).toEqual({
          status: 1,
          stderr:
            "connection refused\nbaremetal-lb: node1: kubectl cannot read MetalLB's CRDs, it says why above: deploy address-pools again\n",
        });
      });
    });

    test("a webhook that has something against the pools that are there answers, too", () => {
      allTaken().answer("create", 'echo "admission webhook x denied the request: overlaps" >&2; exit 1');
      expect(rollOut()).toMatchObject({ status: 0, stderr: "" });
    });

    test(`${fault(34)}: a webhook that does not answer fails, bounded, with what Kubernetes says`, () => {
      allTaken().answer("create", 'echo "failed calling webhook x: connection refused" >&2; exit 1');
      const { status, stderr } = rollOut();
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr:
          "  failed calling webhook x: connection refused\n" +
          "baremetal-lb: node1: MetalLB's webhook does not answer after 4 s: mend the cause named above, then deploy metallb again\n",
      });
    });

    describe("before the pools", () => {
      const configured = "validatingwebhookconfiguration/metallb-webhook-configuration -o";
      const require = () => node.run("metallb/require-webhook", settings);
      const webhook = () => node.answer(`get ${configured}`, "echo metallb-webhook-service");

      test("a cluster without a webhook has nobody to wait for", () => {
        const { status, stdout, stderr, calls } = require();
        expect({ status, stdout, stderr }).toEqual({
          status: 0,
          stdout: "baremetal-lb: node1: there is no webhook of MetalLB yet that judges the address pools\n",
          stderr: "",
        });
        expect(calls.filter((call) => / (create|delete) /.test(call))).toEqual([]);
      });

      test(`${fault(34)}: a webhook that does not answer is waited for, bounded, and nothing is taken away`, () => {
        webhook()
          .answer("get service metallb-webhook-service", "echo service/metallb-webhook-service")
          .answer("create", 'echo "failed calling webhook x: connection refused" >&2; exit 1');
        const { status, stdout, stderr, calls } = require();
        expect({ status, stdout, stderr }).toEqual({
          status: 1,
          stdout: "",
          stderr:
            "  failed calling webhook x: connection refused\n" +
            "baremetal-lb: node1: MetalLB's webhook does not answer after 4 s: mend the cause named above, then deploy address-pools again\n",
        });
        expect(calls.filter((call) => call.includes(" delete "))).toEqual([]);
      });

      test("a webhook that answers lets the pools pass", () => {
        webhook().answer("get service metallb-webhook-service", "echo service/metallb-webhook-service");
        expect(require()).toMatchObject({
          status: 0,
          stdout: "baremetal-lb: node1: MetalLB's webhook answers\n",
          stderr: "",
        });
      });

      test(`${fault(120)}: a configuration whose Service is gone is taken away`, () => {
        webhook();
        const { status, stdout, stderr, calls } = require();
        expect({ status, stdout, stderr }).toEqual({
          status: 0,
          stdout:
            "baremetal-lb: node1: took validatingwebhookconfiguration/metallb-webhook-configuration away, whose Service metallb-system/metallb-webhook-service is gone; the stack metallb makes both again\n",
          stderr: "",
        });
        expect(
          calls.filter((call) => / (create|delete) /.test(call)).map((call) => call.split(" kubectl ")[1]),
        ).toEqual(["delete validatingwebhookconfiguration/metallb-webhook-configuration"]);
      });

      test.each([
        [
          `get ${configured}`,
          "kubectl cannot read validatingwebhookconfiguration/metallb-webhook-configuration, it says why above: deploy address-pools again",
        ],
        [
          "get service",
          "kubectl cannot read Service metallb-system/metallb-webhook-service, it says why above: deploy address-pools again",
        ],
        [
          "delete",
          "kubectl cannot delete validatingwebhookconfiguration/metallb-webhook-configuration, whose Service metallb-system/metallb-webhook-service is gone, so that every pool is refused: delete it, then deploy address-pools again",
        ],
      ])(
        `${fault(120)}: a kubectl that fails at %s is an error, and no sign that something is gone`,
        (words, error) => {
          node.answer(words, "echo connection refused >&2; exit 1");
          webhook();
          const { status, stderr, calls } = require();
          expect({ status, stderr }).toEqual({
            status: 1,
            stderr: `connection refused\nbaremetal-lb: node1: ${error}\n`,
          });
          if (words !== "delete") expect(calls.filter((call) => call.includes(" delete "))).toEqual([]);
        },
      );
    });

    test("pools that a pod refused fail with what the pod said", () => {
      const refused = 'echo \'{"controller":"PoolReconciler","error":"CIDR overlaps","level":"error"}\'';
      running().answer("controller-a:7472", taken).answer("speaker-b:7472", metrics(1, 1)).answer("logs", refused);
      expect(rollOut()).toMatchObject({
        status: 1,
        stderr:
          '  speaker-b: {"controller":"PoolReconciler","error":"CIDR overlaps","level":"error"}\n' +
          "baremetal-lb: node1: pod speaker-b did not take the address pools: it keeps an older configuration. The addresses stay as they were\n",
      });
    });

    test.each([
      ["no MetalLB", "true"],
      ["MetalLB 0.9", "echo docker.io/metallb/controller:v0.9.6"],
      ["MetalLB 0.12", "echo quay.io/metallb/controller:v0.12.1"],
    ])("pools beside %s are proven later, when the stack metallb is deployed", (_, answer) => {
      node.answer("get deployment", answer);
      const { status, stdout, calls } = prove();
      expect({ status, stdout }).toEqual({
        status: 0,
        stdout:
          "baremetal-lb: node1: the address pools are written; MetalLB takes them when the stack metallb is deployed\n",
      });
      expect(calls.filter((call) => / logs | rollout |get --raw/.test(call))).toEqual([]);
    });
  });
});

import { fault } from "../../../faults";
import { ControlPlaneNode } from "../../shared/scripts/control-plane-node";
import { shells } from "../../shared/scripts/node-under-test";

const made = "2026-11-26T03:00:10Z";

describe.each(shells)("restart-speakers under $name", (shell) => {
  let node: ControlPlaneNode;
  beforeEach(() => {
    node = new ControlPlaneNode(shell).answer("get secret memberlist", `printf ${made}`);
  });
  afterEach(() => node.dispose());

  /** The lines that kubectl prints: a pod's name, when it was made, when it is to go. */
  const speakers = (...lines: string[]) => node.answer("get pods", `printf '${lines.join("\\n")}\\n'`);
  const restart = () => {
    const { status, stdout, stderr, calls } = node.run("metallb/restart-speakers", {
      KUBECONFIG_FILE: "/etc/kubernetes/admin.conf",
    });
    return { status, said: stdout + stderr, deleted: calls.filter((call) => call.includes(" delete ")) };
  };

  test(`${fault(166)}: deletes in one call the speakers that are not younger than the Secret, and waits for none`, () => {
    speakers(
      "speaker-a 2026-11-25T23:59:59Z ",
      `speaker-b ${made} `,
      "speaker-c 2026-11-26T03:00:11Z ",
      "speaker-d 2026-11-25T10:00:00Z 2026-11-26T03:00:11Z",
    );
    expect(restart()).toEqual({
      status: 0,
      said: "baremetal-lb: node1: the memberlist has another key: restarted 2 speakers at the same time\n",
      deleted: [
        `KUBECONFIG=${node.root}/etc/kubernetes/admin.conf kubectl -n metallb-system delete pods --wait=false --ignore-not-found speaker-a speaker-b`,
      ],
    });
  });

  test("restarts none where all are younger, as in a first deploy", () => {
    speakers("speaker-c 2026-11-26T03:00:11Z ");
    expect(restart()).toEqual({
      status: 0,
      said: "baremetal-lb: node1: no speaker is older than the memberlist's key\n",
      deleted: [],
    });
  });

  test.each([
    ["get secret memberlist", "cannot read Secret metallb-system/memberlist, it says why above: deploy metallb again"],
    ["get pods", "cannot list MetalLB's pods, it says why above: deploy again"],
    ["delete pods", "cannot delete MetalLB's older pods, it says why above: deploy again"],
  ])("fails with what kubectl says where %s fails", (words, cannot) => {
    node.dispose();
    node = new ControlPlaneNode(shell)
      .answer(words, "echo 'the server is away' >&2; exit 1")
      .answer("get secret memberlist", `printf ${made}`);
    speakers("speaker-a 2026-11-25T23:59:59Z ");
    const { status, said } = restart();
    expect({ status, said }).toEqual({
      status: 1,
      said: `the server is away\nbaremetal-lb: node1: kubectl ${cannot}\n`,
    });
  });
});

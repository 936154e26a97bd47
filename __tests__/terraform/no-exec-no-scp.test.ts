import { spawnSync } from "node:child_process";
import { fault } from "../faults";
import { persistence } from "../stacks/nodes/scripts/node-to-prepare";
import type { NodeUnderTest } from "../stacks/shared/scripts/node-under-test";
import { describeWithProviders } from "./available";
import { LoopbackNodes } from "./loopback-nodes";
import { running } from "./terraform-project";

const mounts = spawnSync("unshare", ["--mount", "true"]).status === 0;
if (!mounts) console.warn("SKIPPED: the test of a noexec directory, since this user may not mount (root may)");
const withMounts = mounts ? test : test.skip;

describeWithProviders("a node without scp, or with /tmp noexec")("on a hardened node", () => {
  let nodes: LoopbackNodes;
  beforeEach(() => {
    nodes = new LoopbackNodes();
  });
  afterEach(() => nodes.dispose());

  /** Applies to one node, with its scripts in a directory there. */
  async function apply(node: NodeUnderTest, directory: string) {
    // In a mount namespace of each command's own, so that nothing is left to unmount.
    const noexec = `mount --bind ${node.root}/tmp ${node.root}/tmp && mount -o remount,bind,noexec ${node.root}/tmp`;
    const isolate = mounts ? ["unshare", "--mount", "/bin/sh", "-c", `${noexec} && exec "$@"`, "sh"] : [];
    const server = await nodes.serve(node, "127.0.0.1", { isolate });
    await nodes.write(`${node.root}${directory}`, [
      { name: "hardened", address: "127.0.0.1", hostKey: server.hostKey },
    ]);
    const { code, output } = await nodes.project.apply();
    return { code, output: running(output), commands: server.commands };
  }

  withMounts(
    `${fault(22)}: the scripts run in a noexec directory, too`,
    async () => {
      const node = nodes.fake();
      const { code, commands } = await apply(node, "/tmp");
      expect(code).toBe(0);
      const run = `:&&exec sh /(../){16}${node.root.slice(1)}/tmp/\\*baremetal-lb-prepare-node-\\d+\\*;true`;
      expect(commands.slice(1, 3)).toEqual([
        expect.stringMatching(new RegExp(`^chmod 0777 ${run}\n$`)),
        expect.stringMatching(new RegExp(`^${run}\n$`)),
      ]);
      expect(node.files("/etc")).toContain(persistence);
    },
    60_000,
  );

  test(`${fault(22)}: a node without scp is an error that says so`, async () => {
    const node = nodes.fake().remove("/bin/scp");
    const { code, output } = await apply(node, "/usr/bin");
    expect(code).toBe(1);
    expect(output).toMatch(
      /with null_resource\.hardened, .*SCP failed to start\. This usually means that SCP is not properly installed on the remote system\./,
    );
    expect(node.files("/etc")).not.toContain(persistence);
  }, 60_000);
});

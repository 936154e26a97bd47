import { fault } from "../faults";
import { installs, mark, persistence, rrModules } from "../stacks/nodes/scripts/node-to-prepare";
import { describeWithProviders } from "./available";
import { LoopbackNodes } from "./loopback-nodes";
import { running } from "./terraform-project";

describeWithProviders("a connection that is lost")("with a connection that is lost in the middle", () => {
  const nodes = new LoopbackNodes();
  afterAll(() => nodes.dispose());

  test(`${fault(26)}: the apply fails and names the node, the next one does what is left, and then nothing is`, async () => {
    // given: a connection that breaks while packages are being installed
    const node = nodes.fake({ tools: [] }).command("apt-get", `${installs}\nsleep 1`);
    const { hostKey } = await nodes.serve(node, "127.0.0.1", { breakAt: /installing ipset ipvsadm/ });
    await nodes.write(`${node.root}/tmp`, [{ name: "node1", address: "127.0.0.1", hostKey }]);

    // when
    const first = await nodes.project.apply();

    // then
    expect(first.code).toBe(1);
    expect(running(first.output)).toMatch(
      /with null_resource\.node1, .* error executing .* remote command exited without exit status or exit signal/,
    );
    expect(nodes.prepared()).toEqual([]);
    expect(node.files("/etc")).toEqual(["/etc/os-release"]);

    // when
    const second = await nodes.project.apply();

    // then
    expect(second.code).toBe(0);
    expect(nodes.prepared()).toEqual(["null_resource.node1"]);
    expect(node.read(persistence)).toBe(`${mark}${rrModules.join("\n")}\n`);
    expect((await nodes.project.plan()).code).toBe(0);
  }, 60_000);
});

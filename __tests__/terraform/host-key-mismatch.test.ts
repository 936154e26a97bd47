import { fault } from "../faults";
import { persistence } from "../stacks/nodes/scripts/node-to-prepare";
import { describeWithProviders } from "./available";
import { LoopbackNodes } from "./loopback-nodes";
import { ecdsaKey } from "../remote/ssh/keys";
import { running } from "./terraform-project";

describeWithProviders("a host key that does not match")("with a host key that is not the configured one", () => {
  const nodes = new LoopbackNodes();
  afterAll(() => nodes.dispose());

  test(`${fault(18)}: the node is refused by name within the bound, and nothing runs there`, async () => {
    // given
    const [good, impostor] = [nodes.fake(), nodes.fake()];
    const server = await nodes.serve(good, "127.0.0.1");
    const other = await nodes.serve(impostor, "127.0.0.2");
    await nodes.write(`${good.root}/tmp`, [
      { name: "good", address: "127.0.0.1", hostKey: server.hostKey },
      { name: "impostor", address: "127.0.0.2", hostKey: ecdsaKey().public },
    ]);

    // when
    const { code, output } = await nodes.project.apply();

    // then
    expect(code).toBe(1);
    const [, ...errors] = running(output).split("Error: remote-exec provisioner error ");
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain("with null_resource.impostor,");
    expect(errors[0]?.trim()).toMatch(/timeout - last error: .*knownhosts: key mismatch$/);
    expect(other.commands).toEqual([]);
    expect(impostor.files("/etc")).not.toContain(persistence);
    expect(nodes.prepared()).toEqual(["null_resource.good"]);
  }, 60_000);
});

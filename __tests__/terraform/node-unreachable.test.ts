import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { fault } from "../faults";
import { persistence } from "../stacks/nodes/scripts/node-to-prepare";
import { describeWithProviders } from "./available";
import { LoopbackNodes } from "./loopback-nodes";
import { ecdsaKey } from "../remote/ssh/keys";
import { running } from "./terraform-project";

describeWithProviders("nodes that cannot be reached")("with nodes that cannot be reached", () => {
  const nodes = new LoopbackNodes();
  let silent: Server | undefined;

  afterAll(async () => {
    silent?.close();
    await nodes.dispose();
  });

  test(`${fault(17)}: ends within the bound, names each node and its cause; the node between them finishes`, async () => {
    // given
    const good = nodes.fake();
    const hostKey = ecdsaKey().public;
    const server = await nodes.serve(good, "127.0.0.1");
    const strange = nodes.fake();
    const user = await nodes.serve(strange, "127.0.0.2", { user: "root" });
    const key = await nodes.serve(strange, "127.0.0.3", { publicKey: ecdsaKey().public });
    silent = createServer().listen(nodes.port, "127.0.0.4");
    await once(silent, "listening");
    await nodes.write(`${good.root}/tmp`, [
      { name: "good", address: "127.0.0.1", hostKey: server.hostKey },
      { name: "wrong-user", address: "127.0.0.2", hostKey: user.hostKey },
      { name: "key-refused", address: "127.0.0.3", hostKey: key.hostKey },
      { name: "silent", address: "127.0.0.4", hostKey },
      { name: "port-closed", address: "127.0.0.5", hostKey },
    ]);

    // when
    const started = Date.now();
    const { code, output } = await nodes.project.apply();
    const seconds = (Date.now() - started) / 1000;

    // then: all of them at the same time, each for ssh.timeout, which is 5 s
    expect(code).toBe(1);
    expect(seconds).toBeLessThan(20);
    const [, ...errors] = running(output).split("Error: remote-exec provisioner error ");
    const causes = errors.map((error) => /^with null_resource\.([^,]*),.*(timeout - .*)$/.exec(error.trim())?.slice(1));
    const { port } = nodes;
    const refused =
      "ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain";
    expect(Object.fromEntries(causes.map((cause) => cause ?? []))).toEqual({
      "wrong-user": `timeout - last error: SSH authentication failed (ops@127.0.0.2:${port}): ${refused}`,
      "key-refused": `timeout - last error: SSH authentication failed (ops@127.0.0.3:${port}): ${refused}`,
      // The second is OpenTofu's.
      silent: expect.stringMatching(/^timeout - last error: (<nil>|%!w\(<nil>\))$/),
      "port-closed": `timeout - last error: dial tcp 127.0.0.5:${port}: connect: connection refused`,
    });
    expect(nodes.prepared()).toEqual(["null_resource.good"]);
    expect(good.files("/etc")).toContain(persistence);
    expect(strange.files("/etc")).not.toContain(persistence);
    expect(user.commands.concat(key.commands)).toEqual([]);
  }, 60_000);
});

import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { fault } from "../../faults";
import { apply, diff, kubectl } from "../core/cluster";
import { drift, heal, noDifferences } from "../core/drift";
import { declareMetallb, exposeWeb, serviceAddresses } from "../core/metallb-version";
import { onLab } from "../core/on-lab";
import { memberlistKey } from "../core/upstream-metallb";

// A MetalLB that was 0.9 once: its namespace is in another stack's state than that of a fresh one. What people do to it by
// hand, and what the next deploy makes of that.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];

const [{ kubernetes, metallb }] = proven["matrix/damaged-upgrade"].runs;
const [before, after] = metallb;

const namespaceId = () => kubectl("get", "namespace", "metallb-system", "-o", "jsonpath={.metadata.uid}");

onLab(`MetalLB ${after} that came from ${before}, damaged`, () => {
  let addresses: string[];
  let key: string;

  /** What holds after each repair: an answer at once, the same addresses and key, and nothing left to do. */
  async function expectWhole(): Promise<void> {
    for (const service of addresses) expect(await lab.answer(service.split("=")[1] ?? "", 1)).toMatch(/^web-/);
    expect(await serviceAddresses()).toEqual(addresses);
    expect(await memberlistKey()).toBe(key);
    for (const stack of stacks) {
      const { noChanges, output } = await diff(stack);
      if (!noChanges) throw new Error(output);
    }
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
  }

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: before, alsoMetallb: [after] });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
    await exposeWeb("aaa");
    declareMetallb(after);
    await lab.deploy();
    await lab.prove();
    addresses = await serviceAddresses();
    key = await memberlistKey();
  }, 2_400_000);

  test.each([
    ["a deploy", () => lab.deploy()],
    ["heal", () => heal()],
  ])(
    `${fault(110)}: %s without the namespace's annotation takes nothing away`,
    async (_what, repair) => {
      const id = await namespaceId();
      await kubectl("annotate", "namespace", "metallb-system", "baremetal-lb/stack-");
      await repair();
      expect(await namespaceId()).toBe(id);
      await expectWhole();
    },
    900_000,
  );

  test(`${fault(110)}: a deleted namespace is made once, with all that was in it`, async () => {
    const id = await namespaceId();
    await kubectl("delete", "namespace", "metallb-system");
    await lab.deploy();
    const made = await namespaceId();
    expect(made).not.toBe(id);
    await expectWhole();
    await lab.deploy();
    expect(await namespaceId()).toBe(made);
  }, 900_000);

  test(`${fault(112)}: deleted CRDs come back with the pools, and say before what went with them`, async () => {
    const crds = (await kubectl("get", "crds", "-o", "name")).split("\n").filter((name) => name.endsWith("metallb.io"));
    await kubectl("delete", ...crds);
    const { code, said } = await drift();
    expect(code).toBe(2);
    expect(said["metallb-crds"]).toContain(
      "CustomResourceDefinition ipaddresspools.metallb.io is missing, and with it every object of its kind is lost, and the controller, if it runs, takes the addresses of all Services away: docs/undo.md, section Deleted by hand",
    );
    await lab.deploy();
    const back = (await kubectl("get", "crds", "-o", "name")).split("\n").filter((name) => name.endsWith("metallb.io"));
    expect(back).toEqual(crds);
    // Every Service has an address again; which one, the controller decides anew.
    const services = addresses.map((one) => one.split("=")[0]);
    addresses = await serviceAddresses();
    expect(addresses.map((one) => one.split("=")[0])).toEqual(services);
    await expectWhole();
  }, 900_000);

  test("everything can be taken back", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
  }, 900_000);
});

import { readFileSync, writeFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import * as lab from "../../../lab/lab";
import { familyPlans } from "../../../lab/network-plan";
import { proven } from "../../../lab/proven";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { apply, diff, ipvsTraces, kubectl, kubeProxyConfiguration, noTraces, onNode, pods } from "../core/cluster";
import { drift, heal, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";

// Clusters of both families, and of IPv6 alone: everything that has an address, on the way from zero to nothing left.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];
const noDrift = noDifferences(...stacks, ...nodes);

const runs = proven["matrix/ip-families"].runs.map(({ metallb: [version], ...run }) => ({ ...run, version }));

onLab.each(runs)(
  "$ipFamilies, MetalLB $version on Kubernetes $kubernetes",
  ({ kubernetes, kernel, version, ipFamilies }) => {
    let original: Record<string, never>;
    beforeAll(async () => {
      await lab.down();
      await lab.up({ nodes: nodes.length, kubernetes, kernel, metallb: version, ipFamilies });
      original = await kubeProxyConfiguration();
    }, 2_400_000);

    test(`${fault(221)}: cdktf deploy of every stack works from kubeadm's defaults`, () => lab.deploy(), 1_200_000);

    test(`${fault(221)}: the Service answers at its address of each family, each through one MAC, from both replicas`, async () => {
      await lab.applyWeb();
      const proofs = await lab.proveEach();
      expect(proofs.map(({ address }) => (address.includes(":") ? "IPv6" : "IPv4"))).toEqual(ipFamilies);
      for (const { replicas } of proofs) expect(replicas).toHaveLength(2);
    });

    test.each(stacks)(`${fault(221)}: a second cdktf diff %s says no changes`, async (stack) => {
      const { noChanges, output } = await diff(stack);
      if (!noChanges) throw new Error(output);
    });

    test(`${fault(221)}: a second deploy restarts no pod`, async () => {
      const before = [...(await pods("kube-system")), ...(await pods("metallb-system"))];
      await lab.deploy();
      expect([...(await pods("kube-system")), ...(await pods("metallb-system"))]).toEqual(before);
    });

    test(`${fault(221)}: verify and status find all in order`, async () => {
      for (const command of ["verify", "status"]) {
        const { code, output } = await lab.baremetalLb([command]);
        if (code !== 0) throw new Error(output);
      }
    });

    test(`${fault(221)}: drift is none, is named where there is some, and is repaired`, async () => {
      expect(await drift()).toMatchObject({ code: 0, said: noDrift });
      const others = ipFamilies.map((family) => familyPlans[family].addressPool.replace(/0$/, "1"));
      const patch = JSON.stringify({ spec: { addresses: others } });
      await kubectl("-n", "metallb-system", "patch", "ipaddresspool", "default", "--type=merge", "-p", patch);
      const declared = ipFamilies.map((family) => familyPlans[family].addressPool);
      const place = (index: number) => (ipFamilies.length === 1 ? "" : `[${index}]`);
      expect(await drift()).toMatchObject({
        code: 2,
        said: {
          ...noDrift,
          "address-pools": ipFamilies.map(
            (_, index) =>
              `IPAddressPool metallb-system/default: spec.addresses${place(index)} is ${others[index]}, declared ${declared[index]}`,
          ),
        },
      });
      await heal();
      expect(await drift()).toMatchObject({ code: 0, said: noDrift });
      await lab.proveEach();
    });

    test(`${fault(221)}: pools without an address that the Service has, of any family, are refused by the plan`, async () => {
      const file = runFiles(lab.runningLab().lab).clusterConfig;
      const text = readFileSync(file, "utf8");
      const [last] = ipFamilies.slice(-1);
      const { metallb, ...config } = parse(text);
      const addresses = ipFamilies.map((family) =>
        family === last ? familyPlans[family].addressPool.replace("240", "246") : familyPlans[family].addressPool,
      );
      const pools = [{ ...metallb.pools[0], addresses }];
      writeFileSync(file, stringify({ ...config, metallb: { ...metallb, pools } }, { lineWidth: 0 }));
      try {
        const { noChanges, output } = await diff("address-pools");
        expect(noChanges).toBe(false);
        expect(output.replace(/[│\s]+/g, " ")).toContain("default/web");
      } finally {
        writeFileSync(file, text);
      }
    });

    test(`${fault(221)}: destroy gives kube-proxy its own values back, and leaves nothing of IPVS`, async () => {
      await apply("destroy", "*");
      expect(await kubeProxyConfiguration()).toEqual(original);
      for (const node of nodes) {
        expect(await ipvsTraces(node)).toEqual(noTraces);
        expect(await onNode(node, "cat /proc/net/ip_vs | tail -n +4")).toBe("");
      }
      expect(await kubectl("get", "crds", "-o", "name")).toBe("");
    }, 1_200_000);
  },
);

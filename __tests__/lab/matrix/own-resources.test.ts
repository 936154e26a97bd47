import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { apply, diff, kubectl } from "../core/cluster";
import { drift, heal, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";

// A pool and its announcement in MetalLB's own YAML, in a file beside cluster.yaml (metallb.resources): from zero to nothing
// left. The pool of cluster.yaml is not announced by itself and gives no address, so that each answer is the file's doing.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const noDrift = noDifferences(...stacks, "node1", "node2");
const fileName = "own-pools.yaml";
const addresses = "10.89.0.240-10.89.0.244";

const ownResources = (range: string) => `apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata:
  name: own
  labels: { zone: a }
spec:
  addresses: [${range}]
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata:
  name: zone-a
spec:
  ipAddressPoolSelectors: [{ matchLabels: { zone: a } }]
`;

const files = () => runFiles(lab.runningLab().lab);
const writeResources = (range: string) =>
  writeFileSync(join(dirname(files().clusterConfig), fileName), ownResources(range));

const runs = proven["matrix/own-resources"].runs.map(({ metallb: [version], ...run }) => ({ ...run, version }));

onLab.each(runs)("pools of a file, MetalLB $version on Kubernetes $kubernetes", ({ kubernetes, kernel, version }) => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: 2, kubernetes, kernel, metallb: version });
    const { metallb, ...config } = parse(readFileSync(files().clusterConfig, "utf8"));
    const pools = [{ name: "reserve", protocol: "none", autoAssign: false, addresses: ["10.89.0.250/32"] }];
    writeFileSync(
      files().clusterConfig,
      stringify({ ...config, metallb: { ...metallb, pools, resources: [fileName] } }),
    );
    writeResources(addresses);
  }, 2_400_000);

  test("cdktf deploy of every stack works from kubeadm's defaults; a Service gets and answers at an address of the file", async () => {
    await lab.deploy();
    await lab.applyWeb();
    const { address, replicas } = await lab.prove();
    expect(address).toBe("10.89.0.240");
    expect(replicas).toHaveLength(2);
  }, 1_200_000);

  test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test("what is edited and deleted by hand is named by drift and repaired by heal", async () => {
    expect(await drift()).toMatchObject({ code: 0, said: noDrift });
    const patch = JSON.stringify({ spec: { addresses: ["10.89.0.240-10.89.0.243"] } });
    await kubectl("-n", "metallb-system", "patch", "ipaddresspool", "own", "--type=merge", "-p", patch);
    await kubectl("-n", "metallb-system", "delete", "l2advertisement", "zone-a");
    expect(await drift()).toMatchObject({
      code: 2,
      said: {
        ...noDrift,
        "address-pools": [
          "IPAddressPool metallb-system/own: spec.addresses is 10.89.0.240-10.89.0.243, declared 10.89.0.240-10.89.0.244",
          "L2Advertisement metallb-system/zone-a is missing",
        ],
      },
    });
    await heal();
    expect(await drift()).toMatchObject({ code: 0, said: noDrift });
    await lab.prove();
  });

  test("a range of the file that would take a Service's address away is refused by the plan", async () => {
    writeResources("10.89.0.241-10.89.0.244");
    try {
      const { output } = await diff("address-pools");
      expect(output.replace(/[│\s]+/g, " ")).toContain(
        "Services would lose their addresses, since no pool of cluster.yaml holds them: default/web (10.89.0.240).",
      );
    } finally {
      writeResources(addresses);
    }
  });

  test("verify --service and status find all in order", async () => {
    for (const command of [["verify", "--service"], ["status"]]) {
      const { code, output } = await lab.baremetalLb(command, { timeoutSeconds: 300 });
      if (code !== 0) throw new Error(output);
    }
  });

  test("destroy leaves nothing", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
  });
});

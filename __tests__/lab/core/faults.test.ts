import { join } from "node:path";
import { run } from "../../../lab/command";
import { cdktfEnvironment } from "../../../lab/deploy";
import * as lab from "../../../lab/lab";
import { inNamespace } from "../../../lab/namespaces";
import { clusterNamespace } from "../../../lab/network-plan";
import { runFiles } from "../../../lab/run-files";
import { onLab } from "./on-lab";
import { fault } from "../../faults";
import { answer, apply, diff, editKubeProxy, kubectl, kubeProxyConfiguration, kubeProxyText, pods } from "./cluster";
import { terraformFile } from "../../terraform-file";

// Faults on a deployed cluster. Each test leaves the cluster as it found it.

/** Terraform itself on the stack kube-proxy, for what cdktf has no option for. */
function applyOnly(...targets: string[]): Promise<string> {
  const running = lab.runningLab().lab;
  const command = [
    terraformFile,
    "apply",
    "-auto-approve",
    "-no-color",
    ...targets.map((target) => `-target=${target}`),
  ];
  const cwd = join(runFiles(running).cdktfOutput, "stacks", "kube-proxy");
  return answer(
    run(inNamespace(clusterNamespace, command), { cwd, env: cdktfEnvironment(running), timeoutSeconds: 120 }),
  );
}

/** The field managers of config.conf. */
async function managers(): Promise<string[]> {
  const each = '{range .metadata.managedFields[*]}{.manager}{" "}{.fieldsV1.f:data}{"\\n"}{end}';
  const lines = (await kubectl("-n", "kube-system", "get", "configmap", "kube-proxy", "-o", `jsonpath=${each}`)).split(
    "\n",
  );
  return lines.filter((line) => line.includes('"f:config.conf"')).map((line) => line.split(" ")[0] ?? "");
}

/** config.conf as somebody else would want it: in iptables mode. */
const inIptablesMode = (text: string): string => text.replace(/^"mode": "ipvs"$/m, '"mode": "iptables"');

onLab("faults on a deployed cluster", () => {
  beforeAll(async () => {
    await lab.up();
    await lab.deploy();
  }, 2_400_000);
  afterAll(() => apply("deploy", "nodes", "kube-proxy"), 600_000);

  test(`${fault(30)}: a key that another field manager took is shown in the plan, and taken back with its name gone`, async () => {
    // given
    expect(await managers()).toEqual(["baremetal-lb"]);
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kube-proxy", namespace: "kube-system" },
      data: { "config.conf": inIptablesMode(await kubeProxyText()) },
    };
    const input = JSON.stringify(configMap);
    await answer(
      lab.kubectl(["apply", "--server-side", "--force-conflicts", "--field-manager=gitops", "-f", "-"], { input }),
    );
    expect(await managers()).toEqual(["gitops"]);

    // when
    const plan = await diff("kube-proxy");
    await apply("deploy", "nodes", "kube-proxy");

    // then
    expect(plan.noChanges).toBe(false);
    expect(plan.output).toMatch(/"mode": "iptables"[\s\S]*"mode": "ipvs"/);
    expect(await managers()).toEqual(["baremetal-lb"]);
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs", ipvs: { strictARP: true } });
    expect((await diff("kube-proxy")).noChanges).toBe(true);
  });

  test(`${fault(32)}: an apply that ended between the ConfigMap and the restart is finished by the next one`, async () => {
    // given
    const before = await pods("kube-system");
    await editKubeProxy(inIptablesMode);
    // Terraform destroys the old id before it writes the ConfigMap, so whatever moment an apply is killed at leaves no id
    // or a new one, and never the one that the pods have.
    await applyOnly("kubernetes_config_map_v1_data.configuration", "random_id.restart-id");
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs" });
    expect(await pods("kube-system")).toEqual(before);

    // when
    await apply("deploy", "nodes", "kube-proxy");

    // then
    const after = await pods("kube-system");
    expect(after).toHaveLength(before.length);
    expect(after.filter((pod) => before.includes(pod))).toEqual([]);
    expect((await diff("kube-proxy")).noChanges).toBe(true);
  });
});

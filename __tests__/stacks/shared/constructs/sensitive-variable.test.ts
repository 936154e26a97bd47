import { KubeProxyStack } from "../../../../stacks/kube-proxy/kube-proxy-stack";
import { cluster } from "../../../cluster-fixture";
import { fault } from "../../../faults";
import { synthesisedOnce } from "../../../synthesised";

const variables = {
  kubernetes: { version: "1.35.4", credentials: "variables" },
  ssh: { user: "ops", privateKeyVariable: true },
};
const names = ["kubernetes_host", "kubernetes_ca_certificate", "kubernetes_token", "ssh_private_key"];

describe(`${fault(174)}: variables where a server keeps the plans`, () => {
  const ofStack = (state: object) => {
    const config = cluster({ ...variables, state });
    const { terraform, variable } = synthesisedOnce(KubeProxyStack, "kube-proxy", config) as unknown as {
      terraform: { required_version: string };
      variable: Record<string, { sensitive: boolean; ephemeral?: boolean }>;
    };
    const flags = Object.entries(variable).map(([name, { sensitive, ephemeral }]) => [name, sensitive, ephemeral]);
    return { flags, version: terraform.required_version };
  };
  const cloud = { backend: "cloud", organization: "acme" };

  test.each(["remote", "agent"])("are ephemeral with %s execution", (execution) => {
    expect(ofStack({ ...cloud, execution })).toEqual({
      flags: expect.arrayContaining(names.map((name) => [name, true, true])),
      version: ">= 1.10.0",
    });
  });

  test.each([[{ backend: "local" }], [{ ...cloud, execution: "local" }]])("are not with %j", (state) => {
    expect(ofStack(state)).toEqual({
      flags: expect.arrayContaining(names.map((name) => [name, true, undefined])),
      version: ">= 1.5.0",
    });
  });
});

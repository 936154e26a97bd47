import { checkEnvironment } from "../../../cluster/checks/environment";
import { inspectCluster } from "../../../cluster/load";
import { problemText } from "../../../values/problem";
import { fault } from "../../faults";

describe("The environment", () => {
  it(`${fault(33)}: a variable that the Kubernetes provider reads is refused, and its value is not shown`, () => {
    const { config, problems } = inspectCluster("cluster.example.yaml", { environment: { KUBE_TOKEN: "s3cret" } });
    expect(config).toBeUndefined();
    expect(problems.map(problemText)).toStrictEqual([
      "environment: error: KUBE_TOKEN: given a value (not shown); expected this variable unset: in version 2.38 of the Kubernetes provider it overrides the cluster that the file names; run unset KUBE_TOKEN",
    ]);
  });

  it.each([
    "KUBE_CLIENT_CERT_DATA",
    "KUBE_CLIENT_KEY_DATA",
    "KUBE_CLUSTER_CA_CERT_DATA",
    "KUBE_CONFIG_PATH",
    "KUBE_CONFIG_PATHS",
    "KUBE_CTX",
    "KUBE_CTX_AUTH_INFO",
    "KUBE_CTX_CLUSTER",
    "KUBE_HOST",
    "KUBE_INSECURE",
    "KUBE_PASSWORD",
    "KUBE_PROXY_URL",
    "KUBE_TLS_SERVER_NAME",
    "KUBE_TOKEN",
    "KUBE_USER",
    "KUBE_USERNAME",
  ])(`${fault(33)}: %s is one of them`, (name) => {
    expect(checkEnvironment({ [name]: "x" }).map(({ path }) => path)).toStrictEqual([[name]]);
  });

  it("an empty variable counts as unset, and others do not matter", () => {
    expect(checkEnvironment({ KUBE_HOST: "", KUBECONFIG: "/k", KUBE_EDITOR: "vi", HOME: "/" })).toStrictEqual([]);
  });
});

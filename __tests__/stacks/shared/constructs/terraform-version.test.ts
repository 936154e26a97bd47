import { KubeProxyStack } from "../../../../stacks/kube-proxy/kube-proxy-stack";
import { MetallbStack } from "../../../../stacks/metallb/metallb-stack";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { fault } from "../../../faults";
import { synthesised } from "../../../synthesised";

const s3 = cluster({
  state: { backend: "s3", bucket: "states", region: "eu-central-1" },
  metallb: { ...clusterInput.metallb, memberlistKey: "writeOnly" },
});

test(`${fault(165)}: of what needs a newer Terraform the newest counts: a write-only key, and a lock of S3`, () => {
  const of = (build: Parameters<typeof synthesised>[0]) => synthesised(build).terraform["required_version"];
  expect(of((app) => new KubeProxyStack(app, "kube-proxy", s3))).toBe(">= 1.10.0");
  expect(of((app) => new MetallbStack(app, "metallb", s3))).toBe(">= 1.11.0");
});

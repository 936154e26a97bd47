import { literal } from "../../config/terraform-text";
import type { KubernetesApi } from "../../kubernetes/connect";
import { KubernetesError } from "../../kubernetes/kubernetes-error";
import type { SynthesisedObject } from "./synthesised-objects";

/** An import block of Terraform. `id` may be a secret. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

/** The resources of the memberlist secret, and of its value: constructs/metallb/memberlist.ts. */
const memberlistSecret = "kubernetes_secret_v1.memberlist";
const memberlistPassword = "random_password.memberlist";
const memberlistPath = "/api/v1/namespaces/metallb-system/secrets/memberlist";

/**
 * What exists in the cluster and is not in Terraform's state.
 * @param inState addresses, as `terraform state list` prints them.
 * @throws KubernetesError
 */
export async function findImports(
  api: Pick<KubernetesApi, "get">,
  objects: readonly SynthesisedObject[],
  inState: ReadonlySet<string>,
): Promise<Import[]> {
  const wanted = objects.filter(({ address }) => !inState.has(address));
  const found = await Promise.all(wanted.map(async ({ path }) => (await api.get(path)) !== undefined));
  const imports = wanted.filter((_, index) => found[index]).map(({ address, id }) => ({ to: address, id }));
  if (inState.has(memberlistSecret)) return imports;
  const secret = (await api.get(memberlistPath)) as { data?: Record<string, string> } | undefined;
  if (secret === undefined) return imports;
  if (inState.has(memberlistPassword)) {
    throw new KubernetesError(
      "Terraform's state holds a memberlist key that no Secret uses, of a deploy that failed; with it the cluster's own key would be replaced. Forget it, then adopt: terraform -chdir=cdktf.out/stacks/metallb state rm random_password.memberlist",
    );
  }
  const value = secret.data?.secretkey;
  if (value === undefined) {
    throw new KubernetesError(
      "Secret metallb-system/memberlist has no key secretkey, which MetalLB's speakers read: delete the Secret, a deploy makes it anew",
    );
  }
  // Its value is its id: the key stays as it is, and speakers that know it need no restart.
  return [...imports, { to: memberlistPassword, id: Buffer.from(value, "base64").toString("utf8") }];
}

/** The versions whose objects the metallb stack knows. */
const adoptable = /^v0\.9\.\d+$/;

/** @throws KubernetesError where the MetalLB that runs is of another family: adopting would replace it by an older one. */
export async function checkVersion(api: Pick<KubernetesApi, "get">, declared: string): Promise<void> {
  const controller = (await api.get("/apis/apps/v1/namespaces/metallb-system/deployments/controller")) as
    { spec: { template: { spec: { containers: { image: string }[] } } } } | undefined;
  const image = controller?.spec.template.spec.containers[0]?.image;
  if (image === undefined) return;
  const version = image.split(":").at(-1) ?? "";
  if (!adoptable.test(version)) {
    throw new KubernetesError(
      `the MetalLB of this cluster is ${image}, cluster.yaml declares ${declared}: only 0.9.5 and 0.9.6 can be adopted, nothing was changed`,
    );
  }
}

/** Import blocks as a file of Terraform's JSON, which it reads as templates. */
export const importFile = (imports: readonly Import[]): string =>
  JSON.stringify({ import: imports.map(({ to, id }) => ({ to, id: literal(id) })) });

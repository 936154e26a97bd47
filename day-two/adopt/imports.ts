import { memberlist } from "../../stacks/metallb/addresses";
import { memberlistSecret, namespaceName, namespaceOwner } from "../../stacks/metallb/release/component";
import { metallbVersions, minorOf } from "../../stacks/metallb/release/releases";
import { otherPatches } from "../../stacks/metallb/schema/version";
import { literal } from "../../stacks/shared/terraform-text";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { ownInstallation } from "../metallb/installation";
import { runningVersion } from "../metallb/running-version";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import type { SynthesisedObject } from "./synthesised-objects";
import { UserError } from "../../values/user-error";

/** An import block of Terraform. `id` may be a secret. */
export interface Import {
  readonly to: string;
  readonly id: string;
}

const memberlistPath = `/api/v1/namespaces/${namespaceName}/secrets/${memberlistSecret.name}`;

/**
 * What of a stack exists in the cluster and is not in Terraform's state.
 * @param inState addresses, as `terraform state list` prints them.
 * @param command "terraform", or "tofu".
 * @throws UserError
 */
export async function findImports(
  api: Pick<KubernetesApi, "get">,
  stack: string,
  objects: readonly SynthesisedObject[],
  inState: ReadonlySet<string>,
  command = "terraform",
): Promise<Import[]> {
  // The namespace of MetalLB 0.9 to 0.12 has no number, and stays the same resource.
  const isKnown = (address: string) => inState.has(address) || inState.has(address.replace("[0]", ""));
  const wanted = objects.filter(({ address }) => !isKnown(address));
  const found = await Promise.all(
    wanted.map(async ({ path, shared }) => {
      const live = (await api.get(path)) as Live | undefined;
      return live !== undefined && (!shared || ownerOf(live) === stack);
    }),
  );
  const imports = wanted.filter((_, index) => found[index]).map(({ address, id }) => ({ to: address, id }));
  const hasSecret = objects.some(({ address }) => address === memberlist.secret.address);
  if (!hasSecret || inState.has(memberlist.secret.address)) return imports;
  const secret = (await api.get(memberlistPath)) as { data?: Record<string, string> } | undefined;
  if (secret === undefined) return imports;
  if (inState.has(memberlist.key.address)) {
    throw new UserError(
      `Terraform's state holds a memberlist key that no Secret uses, of a deploy that failed; with it the cluster's own key would be replaced. Forget it, then adopt: ${command} -chdir=cdktf.out/stacks/metallb state rm ${memberlist.key.address}`,
    );
  }
  const value = secret.data?.[memberlistSecret.key];
  if (value === undefined) {
    throw new UserError(
      "Secret metallb-system/memberlist has no key secretkey, which MetalLB's speakers read: delete the Secret, a deploy makes it anew",
    );
  }
  // Its value is its id: the key stays as it is, and speakers that know it need no restart.
  return [...imports, { to: memberlist.key.address, id: Buffer.from(value, "base64").toString("utf8") }];
}

/**
 * @param server is the one that runs Terraform; undefined where it runs here.
 * @throws UserError where the memberlist secret's value would go there.
 */
export function refuseShownKey(imports: readonly Import[], server: string | undefined): void {
  if (server === undefined || !imports.some(({ to }) => to === memberlist.key.address)) return;
  throw new UserError(
    `the memberlist secret's value is its name for Terraform's import, and ${server}, which runs Terraform (state.execution), would have it in an uploaded file and in the run's log: nothing was adopted. Set the Execution Mode of the workspaces to local and write execution: local under state, adopt, then set both back`,
  );
}

/**
 * @param memberlistKey as declared.
 * @throws UserError where Terraform's import would read into the state what is to be kept out of it.
 */
export function refuseReadSecrets(
  imports: readonly Import[],
  { memberlistKey }: Pick<MetallbConfig, "memberlistKey">,
): void {
  if (memberlistKey === "state" || !imports.some(({ to }) => to.startsWith("kubernetes_secret_v1."))) return;
  throw new UserError(
    'Terraform reads the Secrets that it imports into its state, which metallb.memberlistKey: writeOnly is to keep them out of: nothing was adopted. Write memberlistKey: state, adopt, then write writeOnly again and deploy, which makes another key: docs/security.md, section "There and back"',
  );
}

interface Live {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
}

/** The stack that a shared object belongs to. */
const ownerOf = ({ metadata }: Live): string =>
  metadata?.annotations?.[namespaceOwner.annotation] ?? namespaceOwner.original;

/**
 * @throws UserError where the MetalLB that runs is of another minor version than the declared one: adopting would
 * be an upgrade, or would replace it by an older one.
 */
export async function checkVersion(
  api: Pick<KubernetesApi, "get">,
  declared: string,
  installation = ownInstallation,
): Promise<void> {
  const running = await runningVersion(api, installation);
  if (running === undefined || minorOf(running.version) === minorOf(declared)) return;
  throw new UserError(
    `the MetalLB of this cluster is ${running.image}, cluster.yaml declares ${declared}: only one of the declared minor version can be adopted, nothing was changed. These stacks know ${metallbVersions.join(", ")}, and ${otherPatches}: declare the one of the cluster's minor version, adopt, and upgrade then`,
  );
}

/** Import blocks as a file of Terraform's JSON, which it reads as templates. */
export const importFile = (imports: readonly Import[]): string =>
  JSON.stringify({ import: imports.map(({ to, id }) => ({ to, id: literal(id) })) });

import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, passed } from "./check";

interface Webhooks {
  readonly webhooks?: readonly { readonly clientConfig?: { readonly caBundle?: string } }[];
}

/** A webhook's configuration, and what it means where it is not as it has to be. */
export interface WebhookOf {
  readonly id: string;
  /** The configuration's name. */
  readonly name: string;
  /** What it judges: "the pools". */
  readonly judges: string;
  /** What does not work without its CA: "no change of a pool is let in". */
  readonly stopped: string;
  /** Who writes the CA, and when: "see the controller's log; it writes the CA when it starts". */
  readonly writer: string;
  /** What mends it where it is not there. */
  readonly mend: string;
}

/** Whether a webhook is there, with the CA that its program writes into it. */
export async function webhookCheck(
  api: Pick<KubernetesApi, "get">,
  { id, name, judges, stopped, writer, mend }: WebhookOf,
): Promise<Check> {
  const subject = `ValidatingWebhookConfiguration ${name}`;
  const found = (await api.get(`/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`)) as
    Webhooks | undefined;
  if (found === undefined) return failed(id, name, `${subject} does not exist: nobody judges ${judges}`, mend);
  const hooks = found.webhooks ?? [];
  const without = hooks.filter(({ clientConfig }) => !clientConfig?.caBundle).length;
  if (hooks.length === 0 || without > 0) {
    return failed(
      id,
      name,
      `${subject}: ${without} of ${hooks.length} webhooks have no CA, so that ${stopped}`,
      writer,
    );
  }
  return passed(id, name, `${subject} has its CA`);
}

import type { SharedDraft } from "../draft";
import type { Finding, Path } from "../../../values/problem";
import type { IsGiven } from "../../../values/draft";

/** What `baremetal-lb trust` calls the bastion. */
export const bastionName = "bastion";

const insecurePath: Path = ["ssh", "insecureIgnoreHostKeys"];

/** Host keys: recorded for each host that SSH connects to, or left out knowingly. */
export function checkHostKeys(draft: SharedDraft, isGiven: IsGiven): Finding[] {
  const insecure = draft.ssh?.insecureIgnoreHostKeys;
  const unknown = hosts(draft).filter(({ path }) => !isGiven([...path, "hostKey"]));
  if (insecure === true) return [insecureWarning(unknown)];
  // A switch whose value is not valid may have been meant as true.
  if (insecure === undefined && isGiven(insecurePath)) return [];
  return unknown.map(({ path, address, port, name }) => ({
    severity: "error",
    path: [...path, "hostKey"],
    given: "nothing",
    expected: "the host key, by which Terraform knows this host from an impostor",
    remedy: `run npx baremetal-lb trust${name === undefined ? "" : ` ${name}`}, which reads and records it, or add the type and key that ssh-keyscan -t ecdsa -p ${port} ${address} prints; compare it with /etc/ssh/ssh_host_ecdsa_key.pub on the host`,
  }));
}

interface Host {
  readonly path: Path;
  readonly address: string;
  readonly port: number;
  /** As `baremetal-lb trust` takes it; undefined where the node has none that can be used. */
  readonly name?: string;
  readonly title: string;
}

function hosts(draft: SharedDraft): Host[] {
  const nodes = (draft.nodes ?? []).flatMap((node, index): Host[] => {
    if (node === undefined) return [];
    const { address = "ADDRESS", name } = node;
    return [{ path: ["nodes", index], address, port: draft.ssh?.port ?? 22, name, title: name ?? `nodes[${index}]` }];
  });
  const bastion = draft.ssh?.bastion;
  if (bastion === undefined) return nodes;
  const { host = "ADDRESS", port = 22 } = bastion;
  return [{ path: ["ssh", "bastion"], address: host, port, name: bastionName, title: "the bastion" }, ...nodes];
}

function insecureWarning(unknown: readonly Host[]): Finding {
  const severity = "warning";
  const remedy = "record the host keys, then remove insecureIgnoreHostKeys";
  if (unknown.length === 0) {
    const expected = "no such switch: every host key is given, so it has no effect";
    return { severity, path: insecurePath, given: "true", expected, remedy: "remove insecureIgnoreHostKeys" };
  }
  const named = unknown.slice(0, 3).map(({ title }) => title);
  const more = unknown.length - named.length;
  const list = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const expected = `a host key for ${list}: without it, whoever answers at that address is trusted and given the scripts`;
  return { severity, path: insecurePath, given: "true", expected, remedy };
}

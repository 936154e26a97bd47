import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments, stringify } from "yaml";
import { supportOn } from "../../../cluster/support";
import * as lab from "../../../lab/lab";
import { familyPlans } from "../../../lab/network-plan";
import { metallbModuleVersion } from "../../../lab/versions";
import type { MetallbVersion } from "../../../stacks/metallb/release/releases";
import { isSince } from "../../../values/versions";
import { upstreamFolder } from "../../stacks/metallb/upstream-manifest";
import { answer, kubectl } from "./cluster";

/**
 * Upstream's manifest of a version with a ConfigMap, as `kubectl apply -f` is given it: without PodSecurityPolicies where
 * the cluster has none any more, and with images that the nodes have, since the lab has no registry.
 */
export function upstreamManifest(version: MetallbVersion, kubernetes: string): string {
  const built = metallbModuleVersion(version);
  const texts = ["namespace.yaml", "metallb.yaml"].map((file) =>
    readFileSync(join(upstreamFolder(built), "manifests", file), "utf8"),
  );
  const withPolicies = supportOn(kubernetes)?.podSecurityPolicy === true;
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as { kind: string }))
    .filter(({ kind }) => withPolicies || kind !== "PodSecurityPolicy")
    .map((object) => stringify(object))
    .join("---\n")
    .replaceAll("imagePullPolicy: Always", "imagePullPolicy: IfNotPresent")
    .replaceAll(`:v${built}`, `:v${version}`);
}

/**
 * Installs MetalLB by hand, as upstream's page says, with the lab's pool. Gives the memberlist secret's text, which the
 * controller makes itself from 0.10 on.
 */
export async function installUpstream(version: MetallbVersion, kubernetes: string): Promise<string> {
  await answer(lab.kubectl(["apply", "-f", "-"], { input: upstreamManifest(version, kubernetes) }));
  const inMetallb = (...args: string[]) => kubectl("-n", "metallb-system", ...args);
  const made = Buffer.from(Array.from({ length: 128 }, (_, index) => index)).toString("base64");
  const byController = isSince(version, "0.10.0");
  if (!byController) await inMetallb("create", "secret", "generic", "memberlist", `--from-literal=secretkey=${made}`);
  const pool = `address-pools:\n- name: default\n  protocol: layer2\n  addresses:\n  - ${familyPlans.IPv4.addressPool}\n`;
  await inMetallb("create", "configmap", "config", `--from-literal=config=${pool}`);
  await inMetallb("rollout", "status", "daemonset/speaker", "--timeout=120s");
  return byController ? Buffer.from(await memberlistKey(), "base64").toString() : made;
}

/** The memberlist secret's value, as the API server gives it. */
export const memberlistKey = (): Promise<string> =>
  kubectl("-n", "metallb-system", "get", "secret", "memberlist", "-o", "jsonpath={.data.secretkey}");

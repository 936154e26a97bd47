import { grantsOfCommands } from "../../day-two/rbac/grants";

/** Whether `npx baremetal-lb rbac --read-only` of a cluster with MetalLB 0.15.2, native, gives the right to a GET of the Kubernetes API, by its path. */
export function isGranted(path: string): boolean {
  const [, group = "", namespace, resource = "", name, below] =
    /^\/apis?(?:\/([^/]+(?=\/v1(?:beta\d)?\/)))?\/v1(?:beta\d)?(?:\/namespaces\/([^/]+)(?=\/.))?\/([a-z0-9]+)(?:\/([^/]+)(?:\/([a-z]+))?)?/.exec(
      path,
    ) ?? [];
  const what = below === undefined ? resource : `${resource}/${below}`;
  return grantsOfCommands({ bgpType: "native", version: "0.15.2" }).some(
    (grant) =>
      grant.group === group &&
      grant.resource === what &&
      grant.verb === (name === undefined ? "list" : "get") &&
      [undefined, namespace].includes(grant.namespace) &&
      [undefined, name].includes(grant.name),
  );
}

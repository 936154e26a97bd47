import {
  adoptableRelease,
  readRelease,
  type ReleaseObject,
  removeReplaced,
  replacedObjects,
} from "../../day-two/adopt/helm-release";
import { type Installations, ownInstallation } from "../../day-two/metallb/installation";
import { UserError } from "../../values/user-error";
import { fault } from "../faults";
import { helmRecord, recordsPath } from "./helm-record";

const object = (apiVersion: string, kind: string, name: string, others: object = {}) =>
  JSON.stringify({ apiVersion, kind, metadata: { name, ...others } });

const manifest = [
  "# Source: metallb/templates/notes.txt",
  object("v1", "ServiceAccount", "metallb-speaker", { namespace: "metallb-system" }),
  object("v1", "Secret", "metallb-webhook-cert"),
  object("v1", "ConfigMap", "kept", { annotations: { "helm.sh/resource-policy": "keep" } }),
  object("rbac.authorization.k8s.io/v1", "ClusterRole", "metallb:speaker"),
  object("apps/v1", "DaemonSet", "metallb-speaker", { namespace: "metallb-system" }),
  object("apps/v1", "Deployment", "metallb-controller", { namespace: "metallb-system" }),
].join("\n---\n");

const having = (...items: object[]) => ({
  get: (path: string) => Promise.resolve(path === recordsPath("metallb") ? { items } : undefined),
});

const secrets = "/api/v1/namespaces/metallb-system/secrets";

describe(`${fault(94)}: a Helm release whose place these stacks take`, () => {
  const found = (changes: Partial<Installations["metallb"]> = {}, several = false): Installations => ({
    metallb: { ...ownInstallation, own: false, release: "metallb", ...changes },
    other: "another",
    several,
  });

  it("is one in their namespace, alone, with custom resources", () => {
    expect(adoptableRelease(found(), { version: "0.15.2" })).toBe("metallb");
    expect(adoptableRelease(found({ namespace: "lb" }), { version: "0.15.2" })).toBeUndefined();
    expect(adoptableRelease(found({ release: undefined }), { version: "0.15.2" })).toBeUndefined();
    expect(adoptableRelease(found({}, true), { version: "0.15.2" })).toBeUndefined();
    expect(adoptableRelease(found(), { version: "0.9.6" })).toBeUndefined();
  });

  it("is read out of the record that is deployed, and all its records are known", async () => {
    const api = having(
      helmRecord("metallb", 1, "superseded", object("v1", "Service", "older")),
      helmRecord("metallb", 2, "deployed", manifest),
    );
    expect(await readRelease(api, "metallb")).toStrictEqual({
      name: "metallb",
      records: [`${secrets}/sh.helm.release.v1.metallb.v1`, `${secrets}/sh.helm.release.v1.metallb.v2`],
      objects: [
        {
          kind: "ServiceAccount",
          path: "/api/v1/namespaces/metallb-system/serviceaccounts/metallb-speaker",
          text: "ServiceAccount metallb-system/metallb-speaker",
        },
        {
          kind: "Secret",
          path: `${secrets}/metallb-webhook-cert`,
          text: "Secret metallb-system/metallb-webhook-cert",
        },
        {
          kind: "ClusterRole",
          path: "/apis/rbac.authorization.k8s.io/v1/clusterroles/metallb:speaker",
          text: "ClusterRole metallb:speaker",
        },
        {
          kind: "DaemonSet",
          path: "/apis/apps/v1/namespaces/metallb-system/daemonsets/metallb-speaker",
          text: "DaemonSet metallb-system/metallb-speaker",
        },
        {
          kind: "Deployment",
          path: "/apis/apps/v1/namespaces/metallb-system/deployments/metallb-controller",
          text: "Deployment metallb-system/metallb-controller",
        },
      ],
    });
  });

  it("without a record, or with an object of a kind that is not known here, is refused", async () => {
    await expect(readRelease(having(), "metallb")).rejects.toThrow(
      new UserError(
        "nothing was adopted: Helm has no Secret in metallb-system that says what its release metallb made: see helm -n metallb-system list --all; where it has forgotten the release, delete its controller and speakers by hand, then adopt",
      ),
    );
    const other = having(helmRecord("metallb", 1, "deployed", object("batch/v1", "Job", "once")));
    await expect(readRelease(other, "metallb")).rejects.toThrow(
      new UserError(
        "nothing was adopted: the Helm release metallb has Job once, which these stacks know nothing of: take that out of the release's values, helm -n metallb-system upgrade it, then adopt",
      ),
    );
  });

  it(`${fault(265)}: the chart's NetworkPolicies go with it: they would keep these stacks' controller from the API`, async () => {
    const policies = ["default-deny", "controller"].map((name) =>
      object("networking.k8s.io/v1", "NetworkPolicy", name, { namespace: "metallb-system" }),
    );
    const api = having(helmRecord("metallb", 1, "deployed", policies.join("\n---\n")));
    expect(replacedObjects(await readRelease(api, "metallb"), new Set()).map(({ path }) => path)).toStrictEqual([
      "/apis/networking.k8s.io/v1/namespaces/metallb-system/networkpolicies/default-deny",
      "/apis/networking.k8s.io/v1/namespaces/metallb-system/networkpolicies/controller",
    ]);
  });

  it("gives way with what has another name here, the controller first, then the speakers", async () => {
    const release = await readRelease(having(helmRecord("metallb", 1, "deployed", manifest)), "metallb");
    const replaced = replacedObjects(release, new Set([`${secrets}/metallb-webhook-cert`]));
    expect(replaced.map(({ text }) => text)).toStrictEqual([
      "Deployment metallb-system/metallb-controller",
      "DaemonSet metallb-system/metallb-speaker",
      "ServiceAccount metallb-system/metallb-speaker",
      "ClusterRole metallb:speaker",
    ]);

    const removed: string[] = [];
    const remove = (path: string) => Promise.resolve(void removed.push(path));
    await removeReplaced({ remove }, release, replaced);
    // Helm's record first: where it breaks off there, Helm deletes nothing that is Terraform's.
    expect(removed).toStrictEqual([`${secrets}/sh.helm.release.v1.metallb.v1`, ...replaced.map(({ path }) => path)]);
  });

  it("is refused where a kind would go with it, and all its objects", () => {
    const definition: ReleaseObject = {
      kind: "CustomResourceDefinition",
      path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/frrconfigurations.frrk8s.metallb.io",
      text: "CustomResourceDefinition frrconfigurations.frrk8s.metallb.io",
    };
    const release = { name: "metallb", records: [], objects: [definition] };
    expect(replacedObjects(release, new Set([definition.path]))).toStrictEqual([]);
    expect(() => replacedObjects(release, new Set())).toThrow(
      new UserError(
        "nothing was adopted: with the Helm release metallb CustomResourceDefinition frrconfigurations.frrk8s.metallb.io would go, and all objects of the kind: declare the metallb.bgpType that uses it, or uninstall what it is for first",
      ),
    );
  });
});

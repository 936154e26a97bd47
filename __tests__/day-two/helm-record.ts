import { gzipSync } from "node:zlib";

/** A Secret in which Helm 3 keeps a release: base64, Helm's own base64, gzip, JSON. */
export const helmRecord = (release: string, version: number, status: string, manifest: string) => ({
  metadata: {
    name: `sh.helm.release.v1.${release}.v${version}`,
    labels: { owner: "helm", name: release, status, version: `${version}` },
  },
  type: "helm.sh/release.v1",
  data: {
    release: Buffer.from(gzipSync(JSON.stringify({ name: release, manifest })).toString("base64")).toString("base64"),
  },
});

/** Where its records are asked for. */
export const recordsPath = (release: string): string =>
  `/api/v1/namespaces/metallb-system/secrets?labelSelector=owner%3Dhelm%2Cname%3D${release}`;

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { MetallbVersion } from "../../../../stacks/metallb/release/releases";
import { upstreamFolder } from "../upstream-manifest";

/** One of MetalLB's custom resources, as far as its tests write it. */
export interface UpstreamObject {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** What MetalLB's parser is given; upstream: ClusterResources in internal/config/config.go. */
export interface UpstreamResources {
  readonly ipaddresspools?: readonly UpstreamObject[];
  readonly bgppeers?: readonly UpstreamObject[];
  readonly bfdprofiles?: readonly UpstreamObject[];
  readonly bgpadvertisements?: readonly UpstreamObject[];
  readonly l2advertisements?: readonly UpstreamObject[];
  readonly legacyaddresspools?: readonly UpstreamObject[];
  readonly communities?: readonly UpstreamObject[];
  readonly passwordsecrets?: Readonly<Record<string, object>>;
  readonly nodes?: readonly UpstreamObject[];
  readonly namespaces?: readonly UpstreamObject[];
}

/** A case of MetalLB's own tests of its parser. */
export interface UpstreamCase {
  /** The test that has it. TestValidate is of native BGP, TestValidateFRR of FRR, the others of neither. */
  readonly test: "TestParse" | "TestServiceSelectors" | "TestValidate" | "TestValidateFRR";
  readonly desc: string;
  /** With what upstream leaves out filled in: see `completed`. */
  readonly resources: UpstreamResources;
  /** Whether MetalLB takes the resources. */
  readonly taken: boolean;
}

/** The cases of a version, read out of its Go module by cases.go. */
export function upstreamCases(version: MetallbVersion): UpstreamCase[] {
  const printed = execFileSync("go", ["run", join(__dirname, "cases.go"), upstreamFolder(version)], {
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 2 ** 26,
  });
  return (JSON.parse(printed) as UpstreamCase[]).map((one) => ({ ...one, resources: completed(one) }));
}

/** What is filled in, of a network that no case has. */
const spare = {
  pool: { metadata: { name: "spare" }, spec: { addresses: ["198.51.100.240/32"] } },
  router: { peerAddress: "198.51.100.250", peerASN: 64501, myASN: 64500 },
};

/**
 * The resources with what upstream leaves out, since it looks at one part alone, though nobody could deploy without it: names
 * that Kubernetes takes, a pool, and a router for what is announced by BGP. What its tests of one way of doing BGP hand over
 * are fragments, which need more.
 */
function completed({ test, resources }: UpstreamCase): UpstreamResources {
  const isFragment = test === "TestValidate" || test === "TestValidateFRR";
  const { ipaddresspools, bgpadvertisements, bgppeers, communities } = resources;
  const filled = (objects: readonly UpstreamObject[] | undefined, kind: string, spec: (of: UpstreamObject) => object) =>
    objects?.map((object, index) => ({
      ...object,
      metadata: { name: `${kind}${index}`, ...object.metadata },
      spec: { ...(isFragment ? spec(object) : {}), ...object.spec },
    }));
  const needsRouter = bgpadvertisements !== undefined && bgppeers === undefined;
  return withLowerCaseNames({
    ...resources,
    ipaddresspools: (isFragment ? filled(ipaddresspools, "pool", () => ({})) : ipaddresspools) ?? [spare.pool],
    bgppeers: needsRouter ? [{ metadata: { name: "spare" }, spec: spare.router }] : filled(bgppeers, "peer", router),
    communities: isFragment ? communities?.map(withNames) : communities,
  });
}

const router = ({ spec = {} }: UpstreamObject) => {
  const { peerAddress, peerASN, myASN } = spare.router;
  return { ...("interface" in spec ? {} : { peerAddress }), ...("dynamicASN" in spec ? {} : { peerASN }), myASN };
};

const withNames = ({ spec, ...rest }: UpstreamObject): UpstreamObject => ({
  ...rest,
  spec: { communities: (spec?.["communities"] as object[]).map((alias) => ({ name: "spare", ...alias })) },
});

/** testPool is a name that Kubernetes would not take. */
const withLowerCaseNames = (resources: UpstreamResources) =>
  JSON.parse(JSON.stringify(resources).replaceAll("testPool", "testpool")) as UpstreamResources;

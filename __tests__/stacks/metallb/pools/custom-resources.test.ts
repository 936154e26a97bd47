import Ajv from "ajv";
import type { CustomResource } from "../../../../stacks/metallb/pools/custom-resource";
import { customResources } from "../../../../stacks/metallb/pools/custom-resources";
import { type MetallbVersion, metallbVersions } from "../../../../stacks/metallb/release/releases";
import { metallbSchema } from "../../../../stacks/metallb/schema/metallb";
import { crdSchemas, crdVersions, type OpenApiSchema } from "../upstream-sources";

const made = (metallb: object) => customResources(metallbSchema.parse({ version: "0.16.2", ...metallb }));

const pool = { name: "default", addresses: ["192.168.1.240-192.168.1.250"] };
const bgpPool = { name: "public", protocol: "bgp", addresses: ["203.0.113.0/24"] };
const peer = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 };
const rackA = { matchLabels: { rack: "a" } };
const notRackB = { matchExpressions: [{ key: "rack", operator: "NotIn", values: ["b"] }] };

const object = (kind: string, name: string, spec: object, version = "v1beta1"): CustomResource => ({
  apiVersion: `metallb.io/${version}`,
  kind,
  metadata: { name, namespace: "metallb-system" },
  spec: { ...spec },
});

/** Everything that cluster.yaml can say, by the version that can express it. */
const everything: Readonly<Partial<Record<MetallbVersion, object>>> = {
  "0.13.9": {
    pools: [
      {
        ...pool,
        addresses: ["192.168.1.240-192.168.1.250", "2001:db8:5::/120"],
        autoAssign: false,
        avoidBuggyIPs: true,
        serviceAllocation: {
          priority: 10,
          namespaces: ["shop"],
          namespaceSelectors: [rackA],
          serviceSelectors: [notRackB],
        },
        l2Advertisements: [{ nodeSelectors: [rackA, notRackB], interfaces: ["eth0", "eth1"] }, {}],
      },
      {
        ...bgpPool,
        bgpAdvertisements: [
          {
            aggregationLength: 24,
            aggregationLengthV6: 64,
            localPref: 100,
            communities: ["no-export", "large:64500:1:2"],
            peers: ["10-0-0-1", "spine"],
            nodeSelectors: [rackA],
          },
          { localPref: 0 },
        ],
      },
    ],
    peers: [
      peer,
      {
        name: "spine",
        peerAddress: "fd00::1",
        peerASN: 4200000000,
        myASN: 64500,
        peerPort: 1179,
        holdTime: "30s",
        keepaliveTime: "10s",
        sourceAddress: "fd00::9",
        routerID: "10.0.0.9",
        nodeSelectors: [notRackB],
        passwordSecret: "spine-password",
        bfdProfile: "fast",
        ebgpMultiHop: true,
        vrf: "red",
      },
    ],
    bfdProfiles: [
      {
        name: "fast",
        receiveInterval: 100,
        transmitInterval: 100,
        detectMultiplier: 5,
        echoInterval: 50,
        echoMode: true,
        passiveMode: true,
        minimumTtl: 10,
      },
      { name: "plain" },
    ],
    bgpCommunities: { "no-export": "65535:65281", big: "large:64500:3:4" },
  },
  "0.14.9": {
    pools: [bgpPool],
    peers: [
      { ...peer, connectTime: "2m", enableGracefulRestart: true },
      { name: "found", peerAddress: "10.0.0.2", dynamicASN: "internal", myASN: 64500 },
    ],
  },
  "0.15.2": {
    pools: [bgpPool],
    peers: [
      { ...peer, dualStackAddressFamily: true },
      { interface: "Net0.5", dynamicASN: "external", myASN: 64500 },
    ],
  },
  "0.16.2": {
    pools: [
      {
        ...pool,
        l2Advertisements: [
          { preferredNodeSelectors: [{ weight: 10, preference: rackA }], serviceSelectors: [notRackB] },
        ],
      },
      { ...bgpPool, bgpAdvertisements: [{ serviceSelectors: [rackA], asPathPrepend: 3 }] },
    ],
    peers: [{ ...peer, localASN: 64999 }],
  },
};

describe("the custom resources", () => {
  test("of one simple pool are the pool and its announcement", () => {
    expect(made({ pools: [pool] })).toStrictEqual([
      object("IPAddressPool", "default", {
        addresses: ["192.168.1.240-192.168.1.250"],
        autoAssign: true,
        avoidBuggyIPs: false,
      }),
      object("L2Advertisement", "default", { ipAddressPools: ["default"] }),
    ]);
  });

  test("of one simple BGP pool are its peer, the pool and its announcement", () => {
    expect(made({ pools: [bgpPool], peers: [peer] })).toStrictEqual([
      object(
        "BGPPeer",
        "10-0-0-1",
        { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, holdTime: "1m30s" },
        "v1beta2",
      ),
      object("IPAddressPool", "public", { addresses: ["203.0.113.0/24"], autoAssign: true, avoidBuggyIPs: false }),
      object("BGPAdvertisement", "public", { ipAddressPools: ["public"] }),
    ]);
  });

  test("have every setting of 0.13 in upstream's fields", () => {
    expect(made(everything["0.13.9"] ?? {})).toStrictEqual([
      object("BFDProfile", "fast", {
        receiveInterval: 100,
        transmitInterval: 100,
        detectMultiplier: 5,
        echoInterval: 50,
        echoMode: true,
        passiveMode: true,
        minimumTtl: 10,
      }),
      object("BFDProfile", "plain", {}),
      object(
        "BGPPeer",
        "10-0-0-1",
        { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, holdTime: "1m30s" },
        "v1beta2",
      ),
      object(
        "BGPPeer",
        "spine",
        {
          peerAddress: "fd00::1",
          peerASN: 4200000000,
          myASN: 64500,
          peerPort: 1179,
          holdTime: "30s",
          keepaliveTime: "10s",
          sourceAddress: "fd00::9",
          routerID: "10.0.0.9",
          nodeSelectors: [notRackB],
          passwordSecret: { name: "spine-password" },
          bfdProfile: "fast",
          ebgpMultiHop: true,
          vrf: "red",
        },
        "v1beta2",
      ),
      object("Community", "cluster-communities", {
        communities: [
          { name: "no-export", value: "65535:65281" },
          { name: "big", value: "large:64500:3:4" },
        ],
      }),
      object("IPAddressPool", "default", {
        addresses: ["192.168.1.240-192.168.1.250", "2001:db8:5::/120"],
        autoAssign: false,
        avoidBuggyIPs: true,
        serviceAllocation: {
          priority: 10,
          namespaces: ["shop"],
          namespaceSelectors: [rackA],
          serviceSelectors: [notRackB],
        },
      }),
      object("IPAddressPool", "public", { addresses: ["203.0.113.0/24"], autoAssign: true, avoidBuggyIPs: false }),
      object("L2Advertisement", "default", {
        ipAddressPools: ["default"],
        nodeSelectors: [rackA, notRackB],
        interfaces: ["eth0", "eth1"],
      }),
      object("L2Advertisement", "default-2", { ipAddressPools: ["default"] }),
      object("BGPAdvertisement", "public", {
        ipAddressPools: ["public"],
        aggregationLength: 24,
        aggregationLengthV6: 64,
        localPref: 100,
        communities: ["no-export", "large:64500:1:2"],
        peers: ["10-0-0-1", "spine"],
        nodeSelectors: [rackA],
      }),
      object("BGPAdvertisement", "public-2", { ipAddressPools: ["public"], localPref: 0 }),
    ]);
  });

  test("have what came later in upstream's fields", () => {
    const later = ["0.14.9", "0.15.2", "0.16.2"] as const;
    const specs = later.flatMap((version) =>
      made(everything[version] ?? {})
        .filter(({ kind }) => kind !== "IPAddressPool")
        .map(({ kind, spec }) => ({ kind, ...spec })),
    );
    const peerSpec = { kind: "BGPPeer", peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, holdTime: "1m30s" };
    const advertisement = { kind: "BGPAdvertisement", ipAddressPools: ["public"] };
    expect(specs).toStrictEqual([
      { ...peerSpec, connectTime: "2m0s", enableGracefulRestart: true },
      { kind: "BGPPeer", peerAddress: "10.0.0.2", dynamicASN: "internal", myASN: 64500, holdTime: "1m30s" },
      advertisement,
      { ...peerSpec, dualStackAddressFamily: true },
      { kind: "BGPPeer", interface: "Net0.5", dynamicASN: "external", myASN: 64500, holdTime: "1m30s" },
      advertisement,
      { ...peerSpec, localASN: 64999 },
      {
        kind: "L2Advertisement",
        ipAddressPools: ["default"],
        preferredNodeSelectors: [{ weight: 10, preference: rackA }],
        serviceSelectors: [notRackB],
      },
      { ...advertisement, asPathPrepend: 3, serviceSelectors: [rackA] },
    ]);
  });

  test("name peers by their addresses, each name once", () => {
    const addresses = ["10.0.0.1", "10.0.0.1", "10.0.0.1", "FD00::A", "::1"];
    const peers = [...addresses.map((peerAddress) => ({ ...peer, peerAddress })), { ...peer, name: "10-0-0-1-2" }];
    const names = made({ pools: [bgpPool], peers }).filter(({ kind }) => kind === "BGPPeer");
    expect(names.map(({ metadata }) => metadata.name)).toStrictEqual([
      "10-0-0-1",
      "10-0-0-1-3",
      "10-0-0-1-4",
      "fd00--a",
      "1",
      "10-0-0-1-2",
    ]);
  });

  test("name a pool's second announcement differently from every pool", () => {
    const pools = [
      { ...pool, l2Advertisements: [{ interfaces: ["eth0"] }, {}] },
      { ...pool, name: "default-2" },
    ];
    const announcements = made({ pools }).filter(({ kind }) => kind === "L2Advertisement");
    expect(announcements.map(({ metadata, spec }) => [metadata.name, spec["ipAddressPools"]])).toStrictEqual([
      ["default", ["default"]],
      ["default-3", ["default"]],
      ["default-2", ["default-2"]],
    ]);
  });
});

/** The schema with every key refused that it does not know, as an API server would drop it without a word. */
function strict(schema: OpenApiSchema): object {
  const { properties, items, ...rest } = schema;
  return {
    ...rest,
    ...(items && { items: strict(items) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, below]) => [key, strict(below)])),
      additionalProperties: false,
    }),
  };
}

describe.each(crdVersions)("the CustomResourceDefinitions of MetalLB %s", (version) => {
  let schemas: ReadonlyMap<string, OpenApiSchema>;

  beforeAll(async () => {
    schemas = await crdSchemas(version);
  }, 180_000);

  // Formats of numbers, such as int32, are none that an API server looks at.
  const problems = ({ kind, apiVersion, spec }: CustomResource): string[] => {
    const schema = schemas.get(`${kind} ${apiVersion}`)?.properties?.["spec"];
    if (schema === undefined) return [`${kind} ${apiVersion}: not defined`];
    const ajv = new Ajv({ format: false, logger: false, allErrors: true });
    return ajv.validate(strict(schema), spec) === true ? [] : [`${kind}: ${ajv.errorsText()}`];
  };

  test.each(metallbVersions.filter((since) => everything[since] !== undefined))(
    "take the keys of %s, unless they are newer",
    (since) => {
      const found = made(everything[since] ?? {}).flatMap(problems);
      if (metallbVersions.indexOf(since) <= metallbVersions.indexOf(version)) expect(found).toStrictEqual([]);
      else expect(found.join()).toMatch(/should NOT have additional properties/);
    },
  );
});

test("a router without a name has that of its address, or of the interface to it, whatever a name may be made of", () => {
  const ends = [{ peerAddress: "10.0.0.1" }, { interface: "Net0.5" }, { interface: "net0_5" }, { interface: "bond+1" }];
  const peers = ends.map((end) => ({ ...end, peerASN: 1, myASN: 2 }));
  expect(
    made({ pools: [bgpPool], peers })
      .filter(({ kind }) => kind === "BGPPeer")
      .map(({ metadata }) => metadata.name),
  ).toStrictEqual(["10-0-0-1", "net0-5", "net0-5-2", "bond-1"]);
});

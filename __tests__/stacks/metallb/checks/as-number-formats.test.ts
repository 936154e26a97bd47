import { checkAsNumberFormats } from "../../../../stacks/metallb/checks/as-number-formats";
import type { MetallbVersion } from "../../../../stacks/metallb/release/releases";
import { fault } from "../../../faults";

const router = { peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 };
const problems = (kubernetes: string, version: MetallbVersion, peers: object[] = [router]) =>
  checkAsNumberFormats({ kubernetes: { version: kubernetes }, metallb: { version, peers } });

describe("routers on Kubernetes 1.36 and later", () => {
  test.each(["0.13.12", "0.14.9", "0.15.3"] as const)(
    `${fault(264)}: MetalLB %s is refused, with the version that has them`,
    (version) => {
      expect(problems("1.36.0", version, [router, router])).toStrictEqual([
        {
          severity: "error",
          path: ["metallb", "peers", 0],
          given: `a router with version: ${version} and Kubernetes 1.36.0`,
          expected:
            "MetalLB 0.16.0 or newer: Kubernetes from 1.36 on refuses every BGPPeer of older ones, whose kind has AS numbers of 32 bits that may be larger than these",
          remedy: "set metallb.version: 0.16.2",
        },
      ]);
    },
  );

  test(`${fault(264)}: localASN needs 0.16.1`, () => {
    const peers = [router, { ...router, localASN: 64502 }];
    expect(problems("1.37", "0.16.0", peers).map(({ path, remedy }) => [path.at(-1), remedy])).toStrictEqual([
      [1, "set metallb.version: 0.16.2"],
    ]);
    expect(problems("1.37", "0.16.1", peers)).toStrictEqual([]);
  });

  test.each([
    ["an older Kubernetes", "1.35.4", "0.15.3", [router]],
    ["0.16", "1.36", "0.16.2", [router]],
    ["no router", "1.36", "0.15.3", []],
    ["a ConfigMap in place of the kind", "1.36", "0.12.1", [router]],
  ] as const)("%s: nothing is refused", (_what, kubernetes, version, peers) => {
    expect(problems(kubernetes, version, [...peers])).toStrictEqual([]);
  });
});

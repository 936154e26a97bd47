import { parse } from "yaml";
import { metallbVersions, usesCustomResources } from "../../../../stacks/metallb/release/releases";
import { excludedInterfacesOf } from "../../../../stacks/metallb/release/running";
import { fault } from "../../../faults";
import { upstreamManifest } from "../upstream-manifest";
import { pool, problemsOf } from "./newer-metallb";

const problems = (version: string, interfaces: string[], excludeInterfaces?: unknown) =>
  problemsOf({
    version,
    pools: [{ ...pool, l2Advertisements: [{ interfaces }] }],
    ...(excludeInterfaces === undefined ? {} : { speaker: { excludeInterfaces } }),
  });

const expected =
  'a list of regular expressions of interfaces\' names, as Go has them; write a list such as ["^docker.*", "^lo$"], whole, or [] for none';

describe("interfaces that layer2 does not announce from", () => {
  it.each(metallbVersions.filter(usesCustomResources))("are those of upstream's manifest of %s", (version) => {
    const found = upstreamManifest(version).filter(({ metadata }) => metadata.name === "metallb-excludel2");
    const texts = found.map(({ data }) => (data as Record<string, string>)["excludel2.yaml"] ?? "");
    const names = excludedInterfacesOf(version);
    // 0.13 has the ConfigMap from 0.13.10 on.
    expect(names.length > 0).toBe(!["0.13.7", "0.13.9"].includes(version));
    expect(texts.map((text) => parse(text) as unknown)).toStrictEqual(
      names.length > 0 ? [{ announcedInterfacesToExclude: names }] : [],
    );
  });

  it.each([
    [
      "0.15.2",
      undefined,
      'virbr0"; expected an interface that layer2 announces from: "^virbr.*" of upstream\'s list of excluded interfaces leaves this one out; name another one, or write metallb.speaker.excludeInterfaces without it',
    ],
    [
      "0.16.2",
      ["^lo$", "virbr\\d"],
      'virbr0"; expected an interface that layer2 announces from: "virbr\\\\d" of metallb.speaker.excludeInterfaces leaves this one out; name another one, or take the expression out of the list',
    ],
  ])(`${fault(195)}: one that %s's list %j has is warned of where a pool names it`, (version, list, text) => {
    expect(problems(version, ["eth0", "virbr0"], list)).toStrictEqual([
      `warning: metallb.pools[0].l2Advertisements[0].interfaces[1]: given "${text}`,
    ]);
  });

  it("of a list of one's own are in place of upstream's", () => {
    expect(problems("0.15.2", ["virbr0", "lxc1"], ["^docker.*"])).toStrictEqual([]);
    expect(problems("0.15.2", ["virbr0"], [])).toStrictEqual([]);
    expect(problems("0.15.2", ["lxc1"])).toStrictEqual([]);
    expect(problems("0.15.3", ["lxc1"])).toHaveLength(1);
  });

  it.each([["^a("], [""], ["(?=a)"], ["(?<!a)b"], ["(a)\\1"]])("are no %j", (text) => {
    expect(problems("0.15.2", [], [text])).toStrictEqual([
      `speaker.excludeInterfaces[0]: given ${JSON.stringify(text)}; expected ${expected}`,
    ]);
  });

  it("are said with the chart's form and with MetalLB 0.9", () => {
    expect(problems("0.15.2", [], { enabled: false })).toStrictEqual([
      `speaker.excludeInterfaces: given a mapping; expected ${expected}`,
    ]);
    expect(
      problemsOf({ version: "0.9.6", speaker: { excludeInterfaces: [] }, webhookFailurePolicy: "Ignore" }),
    ).toStrictEqual(
      [
        ["speaker.excludeInterfaces", "excludeInterfaces", "0.13.10"],
        ["webhookFailurePolicy", "webhookFailurePolicy", "0.13.7"],
      ].map(
        ([path, key, since]) =>
          `${path}: given ${key} with version: 0.9.6; expected MetalLB ${since} or newer, the first that can express it; remove the key, or set metallb.version: 0.13.12`,
      ),
    );
  });
});

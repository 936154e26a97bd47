import { checkRollout } from "../../../../stacks/metallb/checks/rollout";
import { fault } from "../../../faults";
import { problemsOf } from "./newer-metallb";

const nodes = [{ role: "control-plane" }, ...Array.from({ length: 9 }, () => ({ role: "worker" }) as const)] as const;

const warnings = (metallb: NonNullable<Parameters<typeof checkRollout>[0]["metallb"]>) =>
  checkRollout({ nodes, metallb: { version: "0.16.2", rolloutTimeout: "5m", ...metallb } });

describe("minReadySeconds of the speakers", () => {
  it(`${fault(275)}: that a deploy does not wait for on every node is warned of`, () => {
    expect(warnings({ speaker: { minReadySeconds: 20 } })).toStrictEqual([
      {
        severity: "warning",
        path: ["metallb", "speaker", "minReadySeconds"],
        given: "20 with rolloutTimeout: 5m",
        expected:
          "time to replace one speaker after the other: those of 10 nodes take at least 300 s, and a deploy that changes them fails before that",
        remedy: "set metallb.rolloutTimeout: 10m, or a smaller minReadySeconds",
      },
    ]);
  });

  it.each([
    ["that fits", { speaker: { minReadySeconds: 19 } }],
    ["with more time", { speaker: { minReadySeconds: 20 }, rolloutTimeout: "5m1s" }],
    ["before 0.12, whose speakers are ready at once", { speaker: { minReadySeconds: 29 }, version: "0.11.0" }],
    ["where no speaker runs on the control plane", { speaker: { minReadySeconds: 20, tolerateControlPlane: false } }],
    ["of 0", { speaker: { minReadySeconds: 0 }, rolloutTimeout: "1s" }],
    ["that is not set", { speaker: {}, rolloutTimeout: "1s" }],
  ] as const)("%s is not", (_, metallb) => {
    expect(warnings(metallb)).toStrictEqual([]);
  });

  it.each(["0.9.6", "0.16.2"])("is a whole number of seconds up to an hour, with MetalLB %s", (version) => {
    const problems = (minReadySeconds: unknown) =>
      problemsOf({ version, rolloutTimeout: "20h", speaker: { minReadySeconds } });
    for (const minReadySeconds of [0, 20, 3600]) expect(problems(minReadySeconds)).toStrictEqual([]);
    for (const [minReadySeconds, given] of [
      [-1, "-1"],
      [3601, "3601"],
      [1.5, "1.5"],
      ["20", '"20"'],
    ]) {
      expect(problems(minReadySeconds)).toStrictEqual([
        `speaker.minReadySeconds: given ${given}; expected a number of seconds: a whole number from 0 to 3600; write a number in that range, without quotes`,
      ]);
    }
  });

  it("is checked with all else", () => {
    const problems = problemsOf({ version: "0.16.2", rolloutTimeout: "30s", speaker: { minReadySeconds: 20 } });
    expect(problems.map((text) => text.split(": ").slice(0, 3).join(": "))).toStrictEqual([
      "warning: metallb.speaker.minReadySeconds: given 20 with rolloutTimeout",
    ]);
  });
});

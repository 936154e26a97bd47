import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { modeOf, proxyModes, standingOf } from "../../../stacks/kube-proxy/modes";
import { inlined } from "../../../stacks/shared/script";

describe("kube-proxy's modes", () => {
  test.each([
    ["1.18", "works", "works", "notYet"],
    ["1.30.9", "works", "works", "notYet"],
    ["1.31", "works", "works", "works"],
    ["1.34.2", "works", "works", "works"],
    ["1.35.4", "deprecated", "works", "works"],
    ["1.39", "deprecated", "works", "works"],
    ["1.40", "offByDefault", "works", "works"],
    ["1.43", "removed", "works", "works"],
    ["2.0", "removed", "works", "works"],
  ])("on Kubernetes %s: ipvs %s, iptables %s, nftables %s", (version, ...expected) => {
    expect(proxyModes.map((mode) => standingOf(mode, version))).toEqual(expected);
  });

  test.each(proxyModes)("%s needs what the script looks for on a node", (mode) => {
    // given: a root folder without any kernel module, so that the conntrack module has its newer name
    const needs = inlined(join(__dirname, "../../../stacks/nodes/scripts/lib/node-needs.sh"));
    const print = `${needs}\necho $useful_tools; echo $modules; kernel=0.1.0; kernel_problem`;

    // when
    const { stdout } = spawnSync("sh", ["-c", print], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"], ROOT: "/nowhere", MODE: mode, SCHEDULER: "rr" },
    });

    // then
    const { tools, modules, kernel } = modeOf(mode);
    expect(stdout.split("\n")).toEqual([
      tools.join(" "),
      [...modules, "nf_conntrack"].join(" "),
      ...(kernel === undefined ? [] : [`kernel 0.1.0 is older than ${kernel}, which kube-proxy's ${mode} mode needs`]),
      "",
    ]);
  });
});

import { clusterFile } from "../../cluster/cluster-file";
import { durationSeconds, goDuration } from "../../values/durations";
import { expandHome } from "../../values/paths";
import { shown } from "../../values/problem";
import { nearestOf } from "../../values/nearest";
import { hasPodSecurityPolicy, isAtLeast } from "../../values/kubernetes-version";
import { isOlder, isSince } from "../../values/versions";

describe("Versions", () => {
  it.each(["", "1", "v1.18", "1.18.x", "1.18.1.2"])("%j is an exception", (text) => {
    expect(() => isAtLeast(text, 18)).toThrow(
      `not a version: ${JSON.stringify(text)}; expected major.minor or major.minor.patch`,
    );
  });

  it.each([
    ["0.9.6", "0.9.6", true, false],
    ["0.9.6", "0.13.12", false, true],
    ["0.15.10", "0.15.9", true, false],
    ["1.0.0", "0.16.2", true, false],
    ["1.18", "1.18.0", true, false],
    ["0.13.12-debian-11-r1", "0.13.12", true, false],
    ["main", "0.13.12", false, false],
    ["", "0.13.12", false, false],
  ])("%s beside %s: the same or newer %p, older %p", (version, other, since, older) => {
    expect([isSince(version, other), isOlder(version, other)]).toStrictEqual([since, older]);
  });

  it.each([
    ["1.18", true],
    ["1.24.17", true],
    ["1.25", false],
    ["1.25.0", false],
    ["1.35.4", false],
    ["1.100", false],
  ])("Kubernetes %s has PodSecurityPolicies: %s", (version, expected) => {
    expect(hasPodSecurityPolicy(version)).toBe(expected);
  });

  it("minor versions are compared as numbers", () => {
    expect([isAtLeast("1.9", 18), isAtLeast("1.18", 18), isAtLeast("1.100", 18), isAtLeast("2.0", 18)]).toStrictEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});

describe("Durations", () => {
  it.each([
    [0, "0s"],
    [59, "59s"],
    [60, "1m0s"],
    [90, "1m30s"],
    [3600, "1h0m0s"],
    [65535, "18h12m15s"],
  ])("%d seconds are %s as Go prints them", (seconds, text) => {
    expect(goDuration(seconds)).toBe(text);
  });

  it.each([
    ["3s", 3],
    ["5m", 300],
    ["2h", 7200],
  ])("%s is %d seconds", (text, seconds) => {
    expect(durationSeconds(text)).toBe(seconds);
  });

  it.each(["", "5", "5 m", "30s1m", "5ms", "-5s", "1.5h"])("%j is an exception", (text) => {
    expect(() => durationSeconds(text)).toThrow(
      `not a duration: ${JSON.stringify(text)}; expected whole numbers with h, m or s behind each`,
    );
  });
});

describe("Paths", () => {
  it.each([
    ["~", "/home/ops"],
    ["~/.ssh/id", "/home/ops/.ssh/id"],
    ["/etc/~/x", "/etc/~/x"],
    ["~other/x", "~other/x"],
  ])("%s is %s for ops", (path, expected) => {
    expect(expandHome(path, "/home/ops")).toBe(expected);
  });

  it.each([
    [{}, "cluster.yaml"],
    [{ CLUSTER_CONFIG: "" }, "cluster.yaml"],
    [{ CLUSTER_CONFIG: "clusters/a.yaml" }, "clusters/a.yaml"],
  ])("with the environment %j the configuration is %s", (environment, file) => {
    expect(clusterFile(environment)).toBe(file);
  });
});

describe("Values in messages", () => {
  it.each([
    ["text", '"text"'],
    [1.5, "1.5"],
    [true, "true"],
    [null, "nothing"],
    [undefined, "nothing"],
    [[], "an empty list"],
    [["s3cret"], "a list"],
    [{ token: "s3cret" }, "a mapping"],
    ["x".repeat(80), `"${"x".repeat(80)}"`],
    ["x".repeat(81), `"${"x".repeat(20)}…"`],
    ["-----BEGIN\ns3cret", "a text of several lines (not shown)"],
    ["-----BEGIN EC PRIVATE KEY----- s3cret", "a text of several lines (not shown)"],
  ])("%j is shown as %s", (value, expected) => {
    expect(shown(value)).toBe(expected);
  });
});

describe("The nearest key", () => {
  const known = ["name", "address", "strictARP", "podCIDR", "privateKeyFile"];
  it.each([
    ["adress", "address"],
    ["strict_arp", "strictARP"],
    ["pod-cidr", "podCIDR"],
    ["PrivateKeyfile", "privateKeyFile"],
    ["nam", "name"],
    ["strctAP", "strictARP"],
    ["privateKeyPath", "privateKeyFile"],
    ["privatKyFl", undefined],
    ["password", undefined],
    ["x", undefined],
  ])("to %s is %s", (written, expected) => {
    expect(nearestOf(written, known)).toBe(expected);
  });
});

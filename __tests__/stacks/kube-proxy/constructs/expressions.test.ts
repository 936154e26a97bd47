import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { ManagedConfig } from "../../../../stacks/kube-proxy/schema";
import {
  declaredText,
  excludedNetworks,
  linesReadOtherwise,
  isOneOf,
  oneDocument,
  originalSettings,
  restoreText,
  settingsJson,
} from "../../../../stacks/kube-proxy/constructs/expressions";
import { originalModes } from "../../../../stacks/kube-proxy/modes";
import { fault } from "../../../faults";
import { terraformFile } from "../../../terraform-file";

// The expressions are run by the real Terraform, which needs no provider for them.

const declared = { mode: "ipvs", strictARP: true, scheduler: "wlc" } as const;

const withOptions: ManagedConfig = { ...declared, excludeCIDRs: ["10.0.0.0/8"], tcpTimeout: "15m" };
const iptables = { mode: "iptables" } as const;

const texts = {
  kubeadm: [
    "apiVersion: kubeproxy.config.k8s.io/v1alpha1",
    'clusterCIDR: "10.244.0.0/16"',
    "conntrack:",
    "  maxPerCore: null",
    "ipvs:",
    "  excludeCIDRs: null",
    '  scheduler: ""',
    "  strictARP: false",
    "  syncPeriod: 30s",
    "kind: KubeProxyConfiguration",
    'mode: ""',
    "",
  ].join("\n"),
  "no ipvs": "kind: KubeProxyConfiguration\nmode: iptables\n",
  "ipvs null": "kind: KubeProxyConfiguration\nipvs: null\n",
  "as declared, in another form":
    "# by hand\nkind: KubeProxyConfiguration\nmode: ipvs\nipvs: { strictARP: true, scheduler: wlc, syncPeriod: 10s }\n",
};

/** A configuration, and its lines of which the two readers make different things. */
const textsToRead: [text: string, otherwise: string[]][] = [
  ["  maxPerCore: 0100000", ["maxPerCore: 0100000"]],
  ["maxPerCore: 131_072\nmin: 08", ["maxPerCore: 131_072", "min: 08"]],
  ["maxPerCore: 0b11  # two bits", ["maxPerCore: 0b11"]],
  ["maxPerCore: 0x_10", ["maxPerCore: 0x_10"]],
  ["nodes: [1, 010]", ["nodes: [1, 010"]],
  ["nodes:\n- 007\nconntrack: {min: 1_, max: 2}", ["- 007", "conntrack: {min: 1_"]],
  ["qps: 1e3_0\nburst: 1e400\nhalf: 1_0.5", ["qps: 1e3_0", "burst: 1e400", "half: 1_0.5"]],
  [
    "hostnameOverride: 2001-12-14\nat: 2001-12-14t21:59:43.10-05:00",
    ["hostnameOverride: 2001-12-14", "at: 2001-12-14t21:59:43.10-05:00"],
  ],
  [
    'mode: !!binary aXB2cw==\nmin: &min !!int "5"\nclusterCIDR: !text x',
    ["mode: !!binary aXB2cw==", 'min: &min !!int "5"', "clusterCIDR: !text x"],
  ],
  ["maxPerCore: 32768\noom: -999\nzero: 0\nhex: 0x10\nhalf: 0.5\nten: 1e3\nnewer: 0o17\nword: yes\nat: 1:30", []],
  ['clusterCIDR: 10.0.0.0/8,fd00:0010::/64\nsync: 0s\nname: a_0\ntext: "0100"\n# was: 0100 before', []],
  ['name: "2001-12-14"\nalert: "no! never"\nname2: node-2001-12-14\n- "!!int"', []],
];

describe("kube-proxy's expressions, in Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-expressions-"));
  let results: Record<string, Record<"declared" | "settings" | "restored" | "again", string>>;
  let otherwise: string[][];
  let documents: string[];
  let neverValid: unknown[];
  let excluded: Record<string, string>;
  let modes: Record<string, boolean>;
  let options: Record<"written" | "again" | "first" | "later" | "undeclared" | "restored" | "iptables", string>;

  beforeAll(() => {
    const cases = Object.entries(texts).map(([name, text]) => {
      const current = `yamldecode(${JSON.stringify(text)})`;
      const written = declaredText(JSON.stringify(text), current, declared);
      const again = declaredText(`(${written})`, `yamldecode(${written})`, declared);
      const settings = settingsJson(current);
      const restored = restoreText(`yamldecode(${written})`, `jsondecode(${settings})`);
      return `${JSON.stringify(name)} = { declared = ${written}, settings = ${settings}, restored = ${restored}, again = ${again} }`;
    });
    const text = JSON.stringify(texts.kubeadm);
    const current = `yamldecode(${text})`;
    const written = declaredText(text, current, withOptions);
    // As a deployment before these keys were known has left it.
    const original = `jsondecode(${settingsJson(current)})`;
    const first = originalSettings({ current, kept: original, original }, withOptions);
    const later = originalSettings({ current: `yamldecode(${written})`, kept: first, original }, withOptions);
    const undeclared = originalSettings({ current: `yamldecode(${written})`, kept: first, original }, iptables);
    const ofOptions = Object.entries({
      written,
      again: declaredText(`(${written})`, `yamldecode(${written})`, withOptions),
      first: `jsonencode(${first})`,
      later: `jsonencode(${later})`,
      undeclared: `jsonencode(${undeclared})`,
      restored: restoreText(`yamldecode(${written})`, first),
      iptables: declaredText(`(${written})`, `yamldecode(${written})`, iptables),
    }).map(([name, expression]) => `${name} = ${expression}`);
    const settings = ["ipvs", "", null, "userspace", "'; id; '", "$(id)", "IPVS"].map((mode) => [
      String(mode),
      { mode },
    ]);
    const found = { found: ["10.1.0.0/16", "fd00::/64"], null: null, text: "10.0.0.0/8" };
    const networks = [
      `declared = ${excludedNetworks("{}", withOptions)}`,
      `absent = ${excludedNetworks("{}", declared)}`,
      ...Object.entries(found).map(
        ([name, excludeCIDRs]) =>
          `${name} = ${excludedNetworks(`jsondecode(${JSON.stringify(JSON.stringify({ ipvs: { excludeCIDRs } }))})`, declared)}`,
      ),
    ];
    const kept = [...settings, ["list", []], ["text", "ipvs"]].map(([name, value]) => [name, JSON.stringify(value)]);
    const isKnown = kept.map(
      ([name, json]) =>
        `${JSON.stringify(name)} = ${isOneOf(`jsondecode(${JSON.stringify(json)}).mode`, originalModes)}`,
    );
    const lines = textsToRead.map(([each]) => linesReadOtherwise(JSON.stringify(each)));
    const ends = ["a: 1\n---\n", "a: 1\n---\n--- \n\n", "---\na: 1\n", "a: 1\n---\nb: 2\n", "a: 1\nb: '---'\n"].map(
      (each) => oneDocument(JSON.stringify(each)),
    );
    const invalid = [
      { mode: "ipvs", ipvs: { strictARP: "true", scheduler: 5 } },
      { mode: "ipvs", ipvs: { strictARP: false, scheduler: "rr" } },
      { mode: "", ipvs: { strictARP: null, scheduler: "" } },
      {
        mode: "",
        ipvs: {
          scheduler: true,
          tcpTimeout: "abc",
          udpTimeout: "-5s",
          tcpFinTimeout: 5,
          excludeCIDRs: ["10.0.0.0/8", "x"],
        },
      },
      {
        mode: "",
        ipvs: {
          tcpTimeout: "1h30m0.5s",
          udpTimeout: "0",
          tcpFinTimeout: "0s",
          excludeCIDRs: ["10.0.0.0/8", "fd00::/64"],
        },
      },
    ].map((each) => {
      const original = `jsondecode(${JSON.stringify(JSON.stringify(each))})`;
      return `jsonencode(${originalSettings({ current: "{}", kept: "null", original }, iptables)})`;
    });
    const readings = `output "otherwise" {\n  value = [${lines.join(", ")}]\n}\noutput "documents" {\n  value = [${ends.join(", ")}]\n}\noutput "invalid" {\n  value = [${invalid.join(", ")}]\n}\n`;
    writeFileSync(
      join(folder, "main.tf"),
      `${readings}output "excluded" {\n  value = { ${networks.join(", ")} }\n}\noutput "modes" {\n  value = { ${isKnown.join(", ")} }\n}\noutput "results" {\n  value = { ${cases.join(", ")} }\n}\noutput "options" {\n  value = { ${ofOptions.join(", ")} }\n}\n`,
    );
    const terraform = spawnSync(terraformFile, ["apply", "-auto-approve", "-no-color", "-input=false"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 30_000,
    });
    if (terraform.status !== 0) throw new Error(terraform.stderr || String(terraform.error));
    const state = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8"));
    results = state.outputs.results.value;
    options = state.outputs.options.value;
    otherwise = state.outputs.otherwise.value;
    documents = state.outputs.documents.value;
    neverValid = state.outputs.invalid.value.map((json: string) => JSON.parse(json));
    excluded = state.outputs.excluded.value;
    modes = state.outputs.modes.value;
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test(`${fault(28)}: mode, strictARP and scheduler are set, every other key is as found`, () => {
    expect(parse(results["kubeadm"]?.declared ?? "")).toEqual({
      apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
      clusterCIDR: "10.244.0.0/16",
      conntrack: { maxPerCore: null },
      ipvs: { excludeCIDRs: null, scheduler: "wlc", strictARP: true, syncPeriod: "30s" },
      kind: "KubeProxyConfiguration",
      mode: "ipvs",
    });
  });

  test.each(textsToRead.map(([text, lines], index) => ({ text, lines, index })))(
    `${fault(68)}: lines that both readers take for the same, and those that not: $text`,
    ({ index, lines }) => {
      expect(otherwise[index]).toEqual(lines);
    },
  );

  test(`${fault(68)}: separators at the end are passed over, as kube-proxy does; a second document stays one`, () => {
    expect(documents).toEqual(["a: 1\n", "a: 1\n", "---\na: 1\n", "a: 1\n---\nb: 2\n", "a: 1\nb: '---'\n"]);
  });

  test(`${fault(68)}: an original value that was never valid is not put back`, () => {
    expect(neverValid).toEqual([
      { mode: "ipvs", ipvs: { strictARP: null, scheduler: null } },
      { mode: "ipvs", ipvs: { strictARP: false, scheduler: "rr" } },
      { mode: "", ipvs: { strictARP: null, scheduler: "" } },
      {
        mode: "",
        ipvs: { scheduler: null, tcpTimeout: null, udpTimeout: null, tcpFinTimeout: null, excludeCIDRs: null },
      },
      {
        mode: "",
        ipvs: {
          tcpTimeout: "1h30m0.5s",
          udpTimeout: "0",
          tcpFinTimeout: "0s",
          excludeCIDRs: ["10.0.0.0/8", "fd00::/64"],
        },
      },
    ]);
  });

  test(`${fault(61)}: of a mode before this project only those that kube-proxy has are taken`, () => {
    expect(modes).toEqual({
      ipvs: true,
      "": true,
      null: true,
      userspace: true,
      "'; id; '": false,
      "$(id)": false,
      IPVS: false,
      list: false,
      text: false,
    });
  });

  test(`${fault(63)}: the networks that kube-proxy leaves alone are those declared, else as found`, () => {
    expect(excluded).toEqual({
      declared: "10.0.0.0/8",
      found: "10.1.0.0/16 fd00::/64",
      null: "",
      absent: "",
      text: "",
    });
  });

  test.each(["no ipvs", "ipvs null"])("a configuration with %s gets the section", (name) => {
    expect(parse(results[name]?.declared ?? "")).toEqual({
      ipvs: { scheduler: "wlc", strictARP: true },
      kind: "KubeProxyConfiguration",
      mode: "ipvs",
    });
  });

  test(`${fault(40)}: a text that already means what is declared stays as it is, to the letter`, () => {
    const name = "as declared, in another form";
    expect(results[name]?.declared).toBe(texts[name]);
  });

  test.each(Object.keys(texts))(`${fault(40)}: the text written for %s is not written a second time`, (name) => {
    expect(results[name]?.again).toBe(results[name]?.declared);
  });

  test.each([
    ["kubeadm", { mode: "", ipvs: { strictARP: false, scheduler: "" } }],
    ["no ipvs", { mode: "iptables", ipvs: { strictARP: null, scheduler: null } }],
    ["ipvs null", { mode: null, ipvs: { strictARP: null, scheduler: null } }],
    ["as declared, in another form", { mode: "ipvs", ipvs: { strictARP: true, scheduler: "wlc" } }],
  ])("the original settings of %s are kept, absent keys as null", (name, settings) => {
    expect(JSON.parse(results[name]?.settings ?? "")).toEqual(settings);
  });

  test("the text to go back to is the live one with the original settings", () => {
    expect(parse(results["kubeadm"]?.restored ?? "")).toEqual(parse(texts.kubeadm));
  });

  describe("excludeCIDRs and the timeouts", () => {
    test("are written as kubeadm writes them, once", () => {
      expect((parse(options.written) as Record<string, unknown>)["ipvs"]).toEqual({
        excludeCIDRs: ["10.0.0.0/8"],
        scheduler: "wlc",
        strictARP: true,
        syncPeriod: "30s",
        tcpTimeout: "15m0s",
      });
      expect(options.again).toBe(options.written);
    });

    test(`${fault(31)}: are kept as they were before they were declared, also by a deployment that is older than they are`, () => {
      const kept = { mode: "", ipvs: { strictARP: false, scheduler: "", excludeCIDRs: null, tcpTimeout: null } };
      expect(JSON.parse(options.first)).toEqual(kept);
      expect(options.later).toBe(options.first);
      expect(options.undeclared).toBe(options.first);
      expect((parse(options.restored) as Record<string, unknown>)["ipvs"]).toEqual({
        excludeCIDRs: null,
        scheduler: "",
        strictARP: false,
        syncPeriod: "30s",
        tcpTimeout: null,
      });
    });

    test("stay as they are in another mode, of which the mode alone is written", () => {
      expect(parse(options.iptables)).toEqual({ ...(parse(options.written) as object), mode: "iptables" });
    });
  });
});

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import dashboard from "../../docs/grafana/metallb.json";
import { type AlertRule, alertRules } from "../../stacks/metallb/monitoring/alert-rules";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";

// The alerts of metallb.monitoring, tried with Prometheus' own promtool: the one of this machine, or that of Debian's package.

const scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-promtool-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], cwd = scratch) =>
  spawnSync(command, args, { cwd, encoding: "utf8", timeout: 150_000 });

/** promtool, or why it cannot be had. */
function promtool(): { readonly program: string } | { readonly reason: string } {
  if (run("promtool", ["--version"]).status === 0) return { program: "promtool" };
  const download = run("apt-get", ["download", "prometheus"]);
  const archive = readdirSync(scratch).find((name) => name.endsWith(".deb"));
  if (archive === undefined) return { reason: `apt-get download prometheus: ${download.stderr || "no answer"}` };
  mkdirSync(join(scratch, "files"));
  const unpacked = run("dpkg-deb", ["-x", archive, "files"]);
  if (unpacked.status !== 0) return { reason: `dpkg-deb: ${unpacked.stderr}` };
  return { program: join(scratch, "files/usr/bin/promtool") };
}

const found = promtool();
if ("reason" in found) console.warn(`SKIPPED: the alerts in promtool, which cannot be had: ${found.reason}`);

const { metallb } = cluster({
  metallb: {
    ...clusterInput.metallb,
    version: "0.16.2",
    pools: [
      { name: "default", addresses: ["192.168.1.240-192.168.1.250"] },
      { name: "by-calico", protocol: "none", addresses: ["203.0.113.0/24"] },
      { name: "public", protocol: "bgp", addresses: ["198.51.100.0/24"] },
    ],
    peers: [{ peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }],
  },
});
const rules = alertRules(metallb);

interface Series {
  readonly series: string;
  readonly values: string;
}

/** A metric that is well for three minutes, and then is not, for twenty. */
const turns = (series: string, well: number, ill: number): Series => ({ series, values: `${well}x3 ${ill}x20` });
const stays = (series: string, value: number): Series => ({ series, values: `${value}x23` });

const inUse = (pool: string, ...values: readonly [number, number]) =>
  turns(`metallb_allocator_addresses_in_use_total{pool="${pool}"}`, ...values);
const size = (pool: string) => stays(`metallb_allocator_addresses_total{pool="${pool}"}`, 100);
const usage = (percent: number): Case => ({
  series: [inUse("default", percent, percent + 1), size("default")],
  labels: { pool: "default" },
});

interface Case {
  readonly series: readonly Series[];
  /** Those of the alert, beside its severity. */
  readonly labels: Readonly<Record<string, string>>;
}

/** For each alert what sounds it after three minutes. */
const cases: Readonly<Record<string, readonly Case[]>> = {
  MetalLBStaleConfig: [
    { series: [turns('metallb_k8s_client_config_stale_bool{pod="speaker-a"}', 0, 1)], labels: { pod: "speaker-a" } },
  ],
  MetalLBConfigNotLoaded: [
    { series: [turns('metallb_k8s_client_config_loaded_bool{pod="speaker-a"}', 1, 0)], labels: { pod: "speaker-a" } },
  ],
  MetalLBAddressPoolUsage75Percent: [usage(75)],
  MetalLBAddressPoolUsage85Percent: [usage(85)],
  MetalLBAddressPoolUsage95Percent: [usage(95)],
  MetalLBBGPSessionDown: ["metallb", "frrk8s"].map((prefix) => ({
    series: [turns(`${prefix}_bgp_session_up{pod="speaker-a",peer="192.168.1.1:179"}`, 1, 0)],
    labels: { pod: "speaker-a", peer: "192.168.1.1:179" },
  })),
  MetalLBAddressNotAnnounced: [
    {
      series: [
        inUse("default", 1, 2),
        inUse("public", 1, 1),
        // What something else announces is none of it.
        stays('metallb_allocator_addresses_in_use_total{pool="by-calico"}', 50),
        stays('metallb_speaker_announced{ip="192.168.1.240",node="a",protocol="layer2",service="default/web"}', 1),
        ...["a", "b"].map((node) =>
          stays(`metallb_speaker_announced{ip="198.51.100.1",node="${node}",protocol="bgp",service="default/api"}`, 1),
        ),
      ],
      labels: {},
    },
    { series: [inUse("default", 0, 1)], labels: {} },
  ],
};

const minutes = (text: string) => Number(text.replace("m", ""));

/** One test of promtool's: silent while all is well, and until the alert's time is over; then sounded. */
function promtoolTest({ alert, for: during, labels: { severity } }: AlertRule, { series, labels }: Case) {
  const at = (time: number, sounded: boolean) => ({
    eval_time: `${time}m`,
    alertname: alert,
    exp_alerts: sounded ? [{ exp_labels: { severity, ...labels } }] : [],
  });
  const turn = 4;
  return {
    interval: "1m",
    input_series: series,
    alert_rule_test: [at(3, false), at(turn + minutes(during) - 1, false), at(turn + minutes(during), true)],
  };
}

/** Without annotations, which promtool compares whole. */
const withoutTexts = ({ alert, expr, for: during, labels }: AlertRule) => ({ alert, expr, for: during, labels });

("reason" in found ? describe.skip : describe)("promtool", () => {
  const program = "program" in found ? found.program : "";
  const write = (file: string, content: object) => writeFileSync(join(scratch, file), stringify(content));

  test(`${fault(254)}: finds every alert well-formed, with its texts`, () => {
    write("rules.yaml", { groups: [{ name: "metallb", rules }] });
    const { status, stdout, stderr } = run(program, ["check", "rules", "rules.yaml"]);
    expect({ status, stderr, stdout }).toEqual({
      status: 0,
      stderr: "",
      stdout: expect.stringContaining(`${rules.length} rules found`),
    });
  });

  test("every alert has a case here", () => {
    expect(Object.keys(cases)).toStrictEqual(rules.map(({ alert }) => alert));
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    `${fault(254)}: %s is silent while all is well, and sounded when it is not`,
    (alert, rule) => {
      write("plain.yaml", { groups: [{ name: "metallb", rules: [withoutTexts(rule)] }] });
      const tests = (cases[alert] ?? []).map((one) => promtoolTest(rule, one));
      write("test.yaml", { rule_files: ["plain.yaml"], evaluation_interval: "1m", tests });
      const { status, stdout, stderr } = run(program, ["test", "rules", "test.yaml"]);
      expect({ status, output: stdout + stderr }).toEqual({ status: 0, output: expect.stringContaining("SUCCESS") });
    },
  );

  test(`${fault(254)}: the dashboard's queries are PromQL`, () => {
    const recorded = dashboard.panels.flatMap(({ id, targets }) =>
      targets.map(({ expr }, index) => ({ record: `panel:${id}:${index}`, expr })),
    );
    write("dashboard.yaml", { groups: [{ name: "dashboard", rules: recorded }] });
    expect(run(program, ["check", "rules", "dashboard.yaml"])).toMatchObject({ status: 0 });
  });
});

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poolSchema } from "../../../../stacks/metallb/schema/pools";
import {
  addressesAmong,
  assignedAddresses,
  classOfService,
  hasClass,
  poolRanges,
  strandedAddresses,
} from "../../../../stacks/metallb/constructs/address-expressions";
import { fault } from "../../../faults";
import { terraformFile } from "../../../terraform-file";

// The expressions are run by the real Terraform, which needs no provider for them.

interface Case {
  /** Ranges, of one pool each. */
  readonly pools: readonly string[];
  readonly avoidBuggyIPs?: boolean;
  /** Of one Service of type LoadBalancer each. */
  readonly addresses: readonly string[];
  /** Those of the addresses that no pool holds. */
  readonly stranded: readonly string[];
}

const range = "10.89.0.240-10.89.0.250";

const cases: Readonly<Record<string, Case>> = {
  "both ends of an IPv4 range, and the addresses beside them": {
    pools: [range],
    addresses: ["10.89.0.239", "10.89.0.240", "10.89.0.250", "10.89.0.251"],
    stranded: ["10.89.0.239", "10.89.0.251"],
  },
  "the whole of a network": {
    pools: ["192.168.10.0/24"],
    addresses: ["192.168.9.255", "192.168.10.0", "192.168.10.255", "192.168.11.0"],
    stranded: ["192.168.9.255", "192.168.11.0"],
  },
  "the highest addresses, whose numbers have 32 bits": {
    pools: ["255.255.255.254/32"],
    addresses: ["255.255.255.254", "255.255.255.255", "0.0.0.1"],
    stranded: ["255.255.255.255", "0.0.0.1"],
  },
  "several pools": {
    pools: [range, "203.0.113.0/28", "fd00::/64"],
    addresses: ["203.0.113.15", "10.89.0.245", "fd00::1", "203.0.113.16"],
    stranded: ["203.0.113.16"],
  },
  "one more than an IPv6 range holds, which differs in the last of 128 bits": {
    pools: ["fd00:ffff:ffff:ffff:ffff:ffff:ffff:fff0-fd00:ffff:ffff:ffff:ffff:ffff:ffff:fffe"],
    addresses: ["fd00:ffff:ffff:ffff:ffff:ffff:ffff:fffe", "fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
    stranded: ["fd00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"],
  },
  "IPv6 in every form": {
    pools: ["2001:db8:0:0:1::/80"],
    addresses: [
      "2001:db8::1:0:0:1",
      "2001:0db8:0000:0000:0001:0000:0000:0001",
      "2001:DB8::1:0:0:AbCd",
      "2001:db8:0:0:1::",
      "2001:db8::1",
      "::",
      "::1",
    ],
    stranded: ["2001:db8::1", "::", "::1"],
  },
  "the unspecified IPv6 address, and the IPv4 address with its number": {
    pools: ["::/127"],
    addresses: ["::", "::1", "0:0:0:0:0:0:0:1", "0.0.0.1", "::2"],
    stranded: ["0.0.0.1", "::2"],
  },
  "an IPv6 address whose number an IPv4 pool has": {
    pools: ["10.89.0.0/24"],
    addresses: ["::a59:1"],
    stranded: ["::a59:1"],
  },
  "addresses that end in .0 and .255, where the pool avoids them": {
    pools: ["192.168.0.0/23"],
    avoidBuggyIPs: true,
    addresses: ["192.168.0.0", "192.168.0.1", "192.168.0.254", "192.168.0.255", "192.168.1.0", "192.168.1.255"],
    stranded: ["192.168.0.0", "192.168.0.255", "192.168.1.0", "192.168.1.255"],
  },
  "IPv6 addresses that end alike, which are never avoided": {
    pools: ["fd00::/64"],
    avoidBuggyIPs: true,
    addresses: ["fd00::100", "fd00::1ff"],
    stranded: [],
  },
  "what is no address": {
    pools: [range, "::/0"],
    addresses: ["10.89.0.x", "fd00::g"],
    stranded: ["10.89.0.x", "fd00::g"],
  },
  "no Service": { pools: [range], addresses: [], stranded: [] },
};

const service = (name: string, ingress: unknown, type = "LoadBalancer") => ({
  metadata: { namespace: "default", name },
  spec: { type },
  status: { loadBalancer: ingress === undefined ? {} : { ingress } },
});

/** Services in the forms that the API and the provider give them. */
const forms = [
  service("absent", undefined),
  service("pending", null),
  service("hostname", [{ hostname: "lb.example.org" }]),
  service("null", [{ ip: null, hostname: "lb.example.org" }]),
  service("cluster-ip", [{ ip: "10.0.0.1" }], "ClusterIP"),
  service("mixed", [{ hostname: "lb.example.org" }, { ip: "10.0.0.2", hostname: null }, { ip: "10.89.0.240" }]),
  { metadata: { namespace: "shop", name: "no-status" }, spec: { type: "LoadBalancer" } },
];

const ofClass = (name: string, loadBalancerClass?: string | null) => ({
  ...service(name, [{ ip: "100.101.102.103" }]),
  spec: { type: "LoadBalancer", ...(loadBalancerClass !== undefined && { loadBalancerClass }) },
});

/** As Tailscale's controller makes one, and as the provider shows those without a class. */
const classes = [ofClass("ts-app", "tailscale"), ofClass("none"), ofClass("null", null)];

/** k3s with its own ServiceLB: the nodes' addresses stand in the status. */
const serviceLB = [
  service("traefik", [{ ip: "192.168.1.10" }, { ip: "192.168.1.21" }]),
  service("web", [{ ip: "192.168.1.240" }]),
];

describe(`${fault(35)}: the addresses that no pool holds, in Terraform`, () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-addresses-"));
  let results: Record<string, unknown>;

  beforeAll(() => {
    const stranded = (services: unknown, pools: readonly string[], avoidBuggyIPs = false) => {
      const declared = pools.map((addresses, index) =>
        poolSchema.parse({ name: `pool${index}`, addresses: [addresses], avoidBuggyIPs }),
      );
      const given = `jsondecode(${JSON.stringify(JSON.stringify(services))})`;
      return strandedAddresses(assignedAddresses(given), poolRanges(declared));
    };
    const expressions = Object.entries(cases).map(([name, { pools, avoidBuggyIPs, addresses }]) => {
      const services = addresses.map((ip, index) => service(`web${index}`, [{ ip }]));
      return `${JSON.stringify(name)} = ${stranded(services, pools, avoidBuggyIPs)}`;
    });
    const ofClasses = (which?: string) => {
      const given = `jsondecode(${JSON.stringify(JSON.stringify(classes))})`;
      return `[for each in ${assignedAddresses(given, which)} : each.service]`;
    };
    expressions.push(`unaware = ${ofClasses()}`, `aware = ${ofClasses(hasClass(undefined))}`);
    expressions.push(`tailscale = ${ofClasses(hasClass("tailscale"))}`, `others = ${ofClasses(hasClass("tail"))}`);
    const named = (name: string) => ofClasses(`${classOfService} == "${name}"`);
    expressions.push(`named = [${named("tailscale")}, ${named("")}]`);
    const assigned = assignedAddresses(`jsondecode(${JSON.stringify(JSON.stringify(serviceLB))})`);
    const among = addressesAmong(assigned, '["192.168.1.10", "192.168.1.21"]');
    expressions.push(`nodes = ${strandedAddresses(among, "[]")}`);
    expressions.push(`forms = ${stranded(forms, [range])}`);
    writeFileSync(join(folder, "main.tf"), `output "results" {\n  value = {\n${expressions.join("\n")}\n}\n}\n`);
    const terraform = spawnSync(terraformFile, ["apply", "-auto-approve", "-no-color", "-input=false"], {
      cwd: folder,
      encoding: "utf8",
      timeout: 30_000,
    });
    if (terraform.status !== 0) throw new Error(terraform.stderr || String(terraform.error));
    results = JSON.parse(readFileSync(join(folder, "terraform.tfstate"), "utf8")).outputs.results.value;
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.entries(cases))("%s", (name, { addresses, stranded }) => {
    expect(results[name]).toStrictEqual(stranded.map((ip) => `default/web${addresses.indexOf(ip)} (${ip})`));
  });

  test(`${fault(115)}: Services of another program's class are left out where MetalLB knows classes, from 0.13 on`, () => {
    expect(results["unaware"]).toStrictEqual(["default/ts-app", "default/none", "default/null"]);
    expect(results["aware"]).toStrictEqual(["default/none", "default/null"]);
    expect(results["tailscale"]).toStrictEqual(["default/ts-app"]);
    expect(results["others"]).toStrictEqual([]);
    expect(results["named"]).toStrictEqual([["default/ts-app"], ["default/none", "default/null"]]);
  });

  test(`${fault(115)}: addresses of nodes are told from the others`, () => {
    expect(results["nodes"]).toStrictEqual(["default/traefik (192.168.1.10)", "default/traefik (192.168.1.21)"]);
  });

  test("Services without an address, with a host name only, and of another type have nothing to lose", () => {
    expect(results["forms"]).toStrictEqual(["default/mixed (10.0.0.2)"]);
  });
});

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { NetworkInterfaceInfo } from "node:os";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askArp, interfaceTowards, ownAddresses } from "../../../day-two/verify/same-network";

const info = (cidr: string, internal = false): NetworkInterfaceInfo => {
  const address = cidr.split("/")[0] ?? "";
  const shared = { address, netmask: "", mac: "", internal, cidr };
  return address.includes(":") ? { ...shared, family: "IPv6", scopeid: 0 } : { ...shared, family: "IPv4" };
};
const interfaces = {
  lo: [info("127.0.0.1/8", true)],
  eth0: [info("fd00::1/64"), info("10.89.0.1/24")],
  eth1: [info("192.168.1.2/24")],
};

it.each([
  ["10.89.0.240", "eth0"],
  ["fd00::240", "eth0"],
  ["192.168.1.240", "eth1"],
  ["192.168.2.240", undefined],
  ["127.0.0.5", undefined],
])("the interface towards %s is %s", (address, name) => {
  expect(interfaceTowards(address, interfaces)).toBe(name);
});

it("knows which addresses are this host's own", () => {
  expect(ownAddresses(["10.89.0.11", "192.168.1.2"], interfaces)).toStrictEqual(["192.168.1.2"]);
});

describe("ARP", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program in the PATH that answers only to the arguments that the real one takes. */
  function install(name: string, answers: Readonly<Record<string, string>>) {
    const cases = Object.entries(answers).map(([args, text]) => `"${args}") printf '%s\\n' "${text}" ;;`);
    const script = `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) echo "usage: $0" >&2; exit 1 ;;\nesac\n`;
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  const ask = (root = true) => askArp("10.89.0.240", "eth0", { environment: { PATH: folder }, root });

  it("counts every MAC with Thomas Habets' arping", async () => {
    install("arping", {
      "-V": "ARPing 2.23, by Thomas Habets <thomas@habets.se>",
      "-r -c 3 -w 5 -i eth0 10.89.0.240": "02:00:0a:59:00:0c\n02:00:0a:59:00:0b\n02:00:0a:59:00:0c",
    });
    expect(await ask()).toStrictEqual({ macs: ["02:00:0a:59:00:0b", "02:00:0a:59:00:0c"], counted: true });
  });

  it("counts every MAC with iputils' arping", async () => {
    install("arping", {
      "-V": "arping from iputils 20221126",
      "-b -c 3 -w 5 -I eth0 10.89.0.240":
        "ARPING 10.89.0.240 from 10.89.0.1 eth0\nBroadcast reply from 10.89.0.240 [02:00:0A:59:00:0B]  0.9ms",
    });
    expect(await ask()).toStrictEqual({ macs: ["02:00:0a:59:00:0b"], counted: true });
  });

  const entry = { "neigh show 10.89.0.240 dev eth0": "10.89.0.240 lladdr 02:00:0a:59:00:0b REACHABLE" };

  it("reads the neighbour entry where there is no arping", async () => {
    install("ip", entry);
    expect(await ask()).toStrictEqual({ macs: ["02:00:0a:59:00:0b"], counted: false });
  });

  it("reads the neighbour entry where it is not root", async () => {
    install("arping", { "-V": "ARPing 2.23" });
    install("ip", entry);
    expect(await ask(false)).toStrictEqual({ macs: ["02:00:0a:59:00:0b"], counted: false });
  });

  it("nobody answers", async () => {
    install("arping", { "-V": "ARPing 2.23", "-r -c 3 -w 5 -i eth0 10.89.0.240": "" });
    expect(await ask()).toStrictEqual({ macs: [], counted: true });
  });
});

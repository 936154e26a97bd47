import { execFile } from "node:child_process";
import { type NetworkInterfaceInfo, networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";
import type { Environment } from "../../values/environment";
import { type Check, failed, heal, list, passed, skipped } from "./check";

/** This host's interfaces, by name. */
type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** The interface of this host whose network an address belongs to; undefined if there is none. */
export function interfaceTowards(address: string, interfaces: Interfaces = networkInterfaces()): string | undefined {
  const wanted = ipaddr.parse(address);
  const reaches = ({ cidr, internal }: NetworkInterfaceInfo) => {
    if (cidr === null || internal) return false;
    const [network, length] = ipaddr.parseCIDR(cidr);
    return network.kind() === wanted.kind() && wanted.match(network, length);
  };
  return Object.entries(interfaces).find(([, infos]) => infos?.some(reaches))?.[0];
}

/** Which of some addresses are this host's own. */
export const ownAddresses = (addresses: readonly string[], interfaces: Interfaces = networkInterfaces()): string[] => {
  const own = Object.values(interfaces).flatMap((infos) => (infos ?? []).map(({ address }) => address));
  return addresses.filter((address) => own.includes(address));
};

/** Every MAC that answered ARP for an address; `counted`: all were asked, not the one that is known already. */
export interface ArpAnswer {
  readonly macs: readonly string[];
  readonly counted: boolean;
}

const arpSeconds = 15;

/**
 * Who answers ARP for an address. Only broadcast requests find all who do: arping sends them, of Thomas Habets (Debian)
 * or of iputils, and needs root. Without it the kernel's neighbour entry tells the one that answered last.
 */
export async function askArp(
  address: string,
  interfaceName: string,
  { environment, root }: { readonly environment: Environment; readonly root: boolean },
): Promise<ArpAnswer> {
  const version = root ? await output("arping", ["-V"], environment) : undefined;
  if (version === undefined) {
    const entry = (await output("ip", ["neigh", "show", address, "dev", interfaceName], environment)) ?? "";
    return { macs: macsIn(entry), counted: false };
  }
  const args = version.includes("iputils")
    ? ["-b", "-c", "3", "-w", "5", "-I", interfaceName, address]
    : ["-r", "-c", "3", "-w", "5", "-i", interfaceName, address];
  return { macs: macsIn((await output("arping", args, environment)) ?? ""), counted: true };
}

const macsIn = (text: string): string[] =>
  [...new Set(text.toLowerCase().match(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g) ?? [])].sort();

/** Both streams of a program, however it ended; undefined if it is not installed. */
function output(program: string, args: readonly string[], environment: Environment): Promise<string | undefined> {
  return new Promise((resolve) =>
    execFile(program, args, { env: { ...environment }, timeout: arpSeconds * 1000 }, (error, stdout, stderr) =>
      resolve(error?.code === "ENOENT" ? undefined : stdout + stderr),
    ),
  );
}

/** Whether one answers for an address, as it has to be. */
export function arpAnswerCheck(
  { id, place, address }: { readonly id: string; readonly place: string; readonly address: string },
  { macs, counted }: ArpAnswer,
): Check {
  if (!counted) {
    return skipped(
      id,
      place,
      `ARP for ${address}: ${list(macs)} answered; whether others do too takes arping, and root`,
    );
  }
  if (macs.length === 1) return passed(id, place, `ARP for ${address}: one MAC answers, ${list(macs)}`);
  const text = `ARP for ${address}: ${macs.length} MACs answer (${list(macs)}), expected one`;
  return failed(id, place, text, macs.length > 1 ? `strictARP is not in force on every node: ${heal}` : undefined);
}

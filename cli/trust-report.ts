import type { HostKeyReading } from "../day-two/trust";
import { table } from "./table";
import { colours } from "./terminal";

/** A host's key, and whether the configuration has it now. */
export interface TrustedKey extends HostKeyReading {
  /** The offered key is the recorded one. */
  readonly inFile: boolean;
  /** Somebody was asked, and it was not recorded for that. */
  readonly declined: boolean;
}

/** Host keys for a person to compare, those that changed with both fingerprints. */
export function trustText(readings: readonly HostKeyReading[]): string {
  const rows = readings.map(({ name, address, port, offered, state }) => [
    name,
    address,
    String(port),
    offered?.type ?? "",
    offered?.fingerprint ?? "",
    colour[state](words[state]),
  ]);
  return [
    table([["HOST", "ADDRESS", "PORT", "KEY", "FINGERPRINT", "STATE"], ...rows]),
    ...readings.filter(({ state }) => state === "changed").map(changedText),
    ...readings.flatMap(({ error }) => (error === undefined ? [] : [`${error}\n`])),
    ...(readings.some(({ state }) => state === "new") ? [howToCompare] : []),
  ].join("");
}

const words: Readonly<Record<HostKeyReading["state"], string>> = {
  new: "new",
  unchanged: "unchanged",
  changed: "CHANGED",
  unreachable: "unreachable",
};

const colour: Readonly<Record<HostKeyReading["state"], (text: string) => string>> = {
  new: colours.yellow,
  unchanged: colours.green,
  changed: colours.red,
  unreachable: colours.red,
};

function changedText({ name, recorded, offered }: HostKeyReading): string {
  const key = (found: HostKeyReading["offered"]) => `${found?.type} ${found?.fingerprint}`;
  return colours.red(
    `!!! The host key of ${name} CHANGED.\n` +
      `    recorded: ${key(recorded)}\n` +
      `    offered:  ${key(offered)}\n` +
      "    Unless the machine was installed anew, or the recorded key is of another type than Terraform's client asks\n" +
      "    for first, somebody else answers at this address: do not accept it.\n",
  );
}

const howToCompare = "To compare, on the host: for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done\n";

import { recordHostKeys } from "../../cluster/record-host-keys";
import { edited, hostKey, sample } from "./sample";

const [a, b, key] = [hostKey("Aa"), hostKey("Bb"), hostKey("Cc")];
const worker = { node: "worker1", address: "192.168.1.21", hostKey: key };
const master = { node: "master1", address: "192.168.1.10", hostKey: key };

/** The nodes of a file, with what stands around them. */
const file = (nodes: string) =>
  `# A comment.\nname:   search   # another\n\nnodes:\n${nodes}kubeProxy: {scheduler:   rr}\n`;

describe("Recording host keys", () => {
  it("replaces a key, and nothing else of the file", () => {
    expect(recordHostKeys(sample, [worker])).toBe(edited([b, key]));
  });

  it("records several, in whatever order", () => {
    const text = edited([`    hostKey: "${a}"\n`, ""]);
    expect(recordHostKeys(text, [worker, master])).toBe(edited([a, key], [b, key]));
    expect(recordHostKeys(text, [master, worker])).toBe(edited([a, key], [b, key]));
  });

  it.each([
    ["without quotes", `  - name: worker1\n    hostKey: ${b} # old\n    address: 192.168.1.21\n`],
    ["in single quotes", `  - name: worker1\n    hostKey: '${b}' # old\n    address: 192.168.1.21\n`],
    ["in braces", `  - { name: worker1,   address: 192.168.1.21, hostKey: "${b}" } # old\n`],
    ["in braces, without quotes", `  - {name: worker1, hostKey: ${b}, address: 192.168.1.21}\n`],
  ])("leaves the form of a key that was written %s", (_form, nodes) => {
    expect(recordHostKeys(file(nodes), [worker])).toBe(file(nodes.replace(b, key)));
  });

  it.each([
    [
      "behind the last key of a mapping",
      "  - name: worker1\n    address: 192.168.1.21 # eth0\n\n  - name: other\n",
      `  - name: worker1\n    address: 192.168.1.21 # eth0\n    hostKey: "${key}"\n\n  - name: other\n`,
    ],
    [
      "with the indentation that the mapping has",
      "-   name: worker1\n    address: 192.168.1.21\n",
      `-   name: worker1\n    address: 192.168.1.21\n    hostKey: "${key}"\n`,
    ],
    [
      "in braces",
      "  - { name: worker1, address: 192.168.1.21 } # eth0\n",
      `  - { name: worker1, address: 192.168.1.21, hostKey: "${key}" } # eth0\n`,
    ],
    [
      "in braces with a comma at the end",
      "  - { name: worker1, address: 192.168.1.21, }\n",
      `  - { name: worker1, address: 192.168.1.21, hostKey: "${key}", }\n`,
    ],
    [
      "in braces over several lines",
      "  - { name: worker1, # eth0\n      address: 192.168.1.21 # eth1\n    }\n",
      `  - { name: worker1, # eth0\n      address: 192.168.1.21, hostKey: "${key}" # eth1\n    }\n`,
    ],
    [
      "in place of an empty text",
      '  - { name: worker1, address: 192.168.1.21, hostKey: "" }\n',
      `  - { name: worker1, address: 192.168.1.21, hostKey: "${key}" }\n`,
    ],
    [
      "where nothing stands behind the key",
      "  - name: worker1\n    hostKey: # to do\n    address: 192.168.1.21\n",
      `  - name: worker1\n    hostKey: "${key}" # to do\n    address: 192.168.1.21\n`,
    ],
  ])("adds a key %s", (_place, before, after) => {
    expect(recordHostKeys(file(before), [worker])).toBe(file(after));
  });

  it("adds a key at the end of a file that ends without a line break", () => {
    const text = "nodes:\n  - name: worker1\n    address: 192.168.1.21";
    expect(recordHostKeys(text, [worker])).toBe(`${text}\n    hostKey: "${key}"`);
  });

  it("keeps the line breaks of Windows", () => {
    const text = file("  - name: worker1\n    address: 192.168.1.21\n").replaceAll("\n", "\r\n");
    const added = `192.168.1.21\r\n    hostKey: "${key}"`;
    expect(recordHostKeys(text, [worker])).toBe(text.replace("192.168.1.21", added));
  });

  it.each([
    [
      "ssh:\n  bastion: { host: jump.example.org }\n",
      `ssh:\n  bastion: { host: jump.example.org, hostKey: "${key}" }\n`,
    ],
    [
      "ssh:\n  bastion:\n    host: jump.example.org\n  port: 22\n",
      `ssh:\n  bastion:\n    host: jump.example.org\n    hostKey: "${key}"\n  port: 22\n`,
    ],
  ])("records the bastion's", (before, after) => {
    expect(recordHostKeys(before, [{ address: "jump.example.org", hostKey: key }])).toBe(after);
  });

  it.each([
    ["a node that is gone", sample, { ...worker, node: "worker9" }],
    ["a node whose address is another by now", sample, { ...worker, address: "192.168.1.22" }],
    [
      "a node without its braces' colon",
      "nodes:\n  - { name: worker1, address: 192.168.1.21, hostKey }\nk: 1\n",
      worker,
    ],
  ])("refuses %s, with the line to be added by hand", (_what, text, record) => {
    expect(() => recordHostKeys(text, [record])).toThrow(
      new Error(
        `host keys cannot be written to a file of this form; add them by hand:\n  ${record.node} (${record.address}): hostKey: "${key}"`,
      ),
    );
  });
});

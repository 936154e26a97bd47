import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addIgnoredFiles } from "../../../day-two/init/ignored-files";
import { unprovenVersions } from "../../../day-two/init/metallb-version";
import { proposedRanges } from "../../../day-two/init/proposed-pool";
import { writtenSsh } from "../../../day-two/init/ssh";
import { provenProtocols } from "../../../lab/proven";
import { metallbVersions } from "../../../stacks/metallb/release/releases";
import { fault } from "../../faults";
import { ed25519Key } from "../../remote/ssh/keys";

test("the versions that a new cluster may get are those that gave addresses in the lab", () => {
  expect(unprovenVersions).toStrictEqual(metallbVersions.filter((version) => provenProtocols(version).length === 0));
});

describe(`${fault(210)}: the proposed range`, () => {
  const facts = { nodes: ["10.0.0.5"], taken: [], networks: [], families: [4] as const };

  test.each([
    ["in the network of most nodes", { nodes: ["10.0.0.5", "10.0.1.5", "10.0.1.6"] }, ["10.0.1.240-10.0.1.250"]],
    ["below what is taken", { taken: ["10.0.0.239", "10.0.0.245", "web.example.org"] }, ["10.0.0.228-10.0.0.238"]],
    ["smaller, where no place is as large", { taken: everyTenth("10.0.0.") }, ["10.0.0.231-10.0.0.239"]],
    ["none, where all of it is the pods'", { networks: [whole("10.0.0.")] }, []],
    ["none that no Service can have", { nodes: ["169.254.0.5"] }, []],
    ["none of a family that no node has", { families: [6] as const }, []],
    ["none without nodes", { nodes: [] }, []],
  ])("is %s", (_where, changes, ranges) => {
    expect(proposedRanges({ ...facts, ...changes })).toStrictEqual(ranges);
  });
});

function everyTenth(network: string): string[] {
  return Array.from({ length: 26 }, (_, index) => `${network}${index * 10}`);
}

function whole(network: string) {
  const first = BigInt(
    network
      .split(".")
      .slice(0, 3)
      .reduce((sum, part) => sum * 256 + Number(part), 0) * 256,
  );
  return { family: 4, first, last: first + 255n } as const;
}

describe("in a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  describe(`${fault(212)}: .gitignore`, () => {
    const file = () => join(folder, ".gitignore");
    const all = `# Made anew by each synthesis.
node_modules/
cdktf.out/
hcl.out/
cdktf.log

# Terraform's state holds the memberlist secret; so may what adopt and state move work with.
.state/
*.tfstate
*.tfstate.*
.terraform/
cdktf.out.adopt/
cdktf.out.move/
cdktf.out.move-from/
`;

    test("is written where there is none, and is left alone where it has all", () => {
      expect(addIgnoredFiles(folder)).toHaveLength(11);
      expect(readFileSync(file(), "utf8")).toBe(all);
      expect(addIgnoredFiles(folder)).toStrictEqual([]);
      expect(readFileSync(file(), "utf8")).toBe(all);
    });

    test("gets what it lacks, behind what it has", () => {
      const mine =
        "/node_modules\ncdktf.out\nhcl.out\ncdktf.log\n*.tfstate.*\r\n/.terraform/\ncdktf.out.adopt\ncdktf.out.move\ncdktf.out.move-from\nmine";
      writeFileSync(file(), mine);
      expect(addIgnoredFiles(folder)).toStrictEqual([".state/", "*.tfstate"]);
      expect(readFileSync(file(), "utf8")).toBe(
        `${mine}\n\n# Terraform's state holds the memberlist secret; so may what adopt and state move work with.\n.state/\n*.tfstate\n`,
      );
    });

    test("this project's own has all of it", () => {
      writeFileSync(file(), readFileSync(join(__dirname, "../../../.gitignore")));
      expect(addIgnoredFiles(folder)).toStrictEqual([]);
    });

    test("that cannot be read is said", () => {
      mkdirSync(file());
      expect(() => addIgnoredFiles(folder)).toThrow(
        expect.objectContaining({ name: "UserError", message: `${file()} cannot be read (EISDIR)` }),
      );
    });
  });

  describe("how nodes are reached", () => {
    const written = (options: object = {}, environment: Readonly<Record<string, string>> = {}, login = "ops") => {
      const { value, notes } = writtenSsh(options, { environment, home: folder, folder: "/srv", login });
      return { value, notes: notes.map(({ text, quiet }) => (quiet === true ? `quiet: ${text}` : text)) };
    };
    const key = (name: string, text: string) => {
      mkdirSync(join(folder, ".ssh"), { recursive: true });
      writeFileSync(join(folder, ".ssh", name), text);
    };
    const assumed = (what: string) =>
      `Kubernetes does not tell it, so ${what} assumed: root, or a user who may run sudo without a password, and a key that every node takes.`;

    test("by the first of OpenSSH's keys that has no passphrase", () => {
      key("id_ed25519", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");
      key("id_rsa", ed25519Key().private);
      expect(written()).toStrictEqual({
        value: { user: "ops", privateKeyFile: "~/.ssh/id_rsa" },
        notes: [assumed("the user ops and the key ~/.ssh/id_rsa are")],
      });
    });

    test("else by the agent, if there is one", () => {
      const environment = { SSH_AUTH_SOCK: "/run/agent" };
      expect(written({ sshUser: "admin" }, environment)).toStrictEqual({
        value: { user: "admin", agent: true },
        notes: [assumed("the SSH agent is")],
      });
      expect(written({}, {}, "name with spaces").value).toStrictEqual({
        user: "root",
        privateKeyFile: "~/.ssh/id_ed25519",
      });
    });

    test("or as it is said", () => {
      expect(written({ sshUser: "ops", sshKey: "keys/id" })).toStrictEqual({
        value: { user: "ops", privateKeyFile: "/srv/keys/id" },
        notes: ["quiet: root, or a user who may run sudo without a password."],
      });
      expect(written({ sshUser: "ops", sshKey: "~/id" }).value).toStrictEqual({ user: "ops", privateKeyFile: "~/id" });
    });
  });
});

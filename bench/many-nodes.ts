import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { runChecked } from "../lab/command";
import { batch, inNamespace } from "../lab/namespaces";
import { clusterNamespace } from "../lab/network-plan";

const program = "/usr/sbin/sshd";

export interface ManyNodes {
  readonly addresses: readonly string[];
  /** Writes the lab's cluster.yaml with the first so many of them in its nodes' place. Gives its path. */
  readonly clusterConfig: (count: number) => string;
  readonly end: () => Promise<void>;
}

/**
 * One sshd that listens on many addresses of the lab's namespace: for a command each is a node. All are this machine, so
 * that they differ from what is declared; what is measured is how long it takes to find that out.
 */
export async function startManyNodes(
  count: number,
  {
    folder,
    sshKey,
    clusterConfig,
  }: { readonly folder: string; readonly sshKey: string; readonly clusterConfig: string },
): Promise<ManyNodes> {
  if (!existsSync(program)) throw new Error(`there is no ${program}: install openssh-server`);
  const addresses = Array.from({ length: count }, (_, i) => `10.89.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`);
  const change = (verb: "replace" | "delete") =>
    batch(
      clusterNamespace,
      addresses.map((address) => `address ${verb} ${address}/32 dev lo`),
    );
  const hostKey = join(folder, "host_key");
  await runChecked(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", hostKey], { timeoutSeconds: 20 });
  mkdirSync("/run/sshd", { recursive: true });
  const pidFile = join(folder, "sshd.pid");
  const options = [
    `HostKey=${hostKey}`,
    `PidFile=${pidFile}`,
    `AuthorizedKeysFile=${sshKey}.pub`,
    "PermitRootLogin=prohibit-password",
    "StrictModes=no",
    "MaxStartups=200",
    "UsePAM=no",
    // Or bash, which sshd starts, reads what this machine's root has in .bashrc, in each login.
    `SetEnv=HOME=${join(folder, "home")}`,
  ];
  await change("replace");
  const sshd = [program, "-f", "/dev/null", ...options.flatMap((option) => ["-o", option])];
  await runChecked(inNamespace(clusterNamespace, sshd), { timeoutSeconds: 60 });

  const [type, text] = readFileSync(`${hostKey}.pub`, "utf8").split(" ");
  return {
    addresses,
    clusterConfig: (first) => {
      const config = parse(readFileSync(clusterConfig, "utf8"));
      config.name = `nodes-${first}`;
      config.ssh.user = "root";
      config.nodes = addresses.slice(0, first).map((address, i) => ({
        name: `node${i + 1}`,
        address,
        role: i === 0 ? "control-plane" : "worker",
        hostKey: `${type} ${text}`,
      }));
      const file = join(folder, `nodes-${first}.yaml`);
      writeFileSync(file, stringify(config));
      return file;
    },
    end: async () => {
      process.kill(Number(readFileSync(pidFile, "utf8")));
      await change("delete");
    },
  };
}

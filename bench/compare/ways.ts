import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Step, Way } from "../figures";

/** What the three ways are told of the cluster, which all of them reach from where they run. */
export interface Surroundings {
  /** A folder for files of theirs. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly kubeconfig: string;
  /** A configuration of ssh by which the nodes have their names. */
  readonly sshConfig: string;
  readonly nodes: readonly string[];
  /** Upstream's manifest of MetalLB, a file. */
  readonly manifest: string;
  /** "10.89.0.240-10.89.0.250" */
  readonly pool: string;
  /** A Service of the namespace default. */
  readonly service: string;
}

/** One command of one way. */
export interface TimedCommand {
  readonly command: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** What is wrong with its output although it ended with 0. */
  readonly complaint?: (output: string) => string | undefined;
}

type Steps = Readonly<Record<Step, TimedCommand>>;

export function byHand(of: Surroundings): Steps {
  const environment = {
    ...of.environment,
    NODES: of.nodes.join(" "),
    SSH_CONFIG: of.sshConfig,
    MANIFEST: of.manifest,
    POOL: of.pool,
    SERVICE: of.service,
  };
  const step = (verb: string): TimedCommand => ({ command: ["sh", join(__dirname, "by-hand.sh"), verb], environment });
  return { first: step("install"), again: step("install"), drift: step("look"), undo: step("undo") };
}

export function ansible(of: Surroundings): Steps {
  const inventory = join(of.folder, "inventory.yml");
  const vars = { kubeconfig: of.kubeconfig, manifest: of.manifest, pool: of.pool, service: of.service };
  const local = { ansible_connection: "local", ansible_python_interpreter: "{{ ansible_playbook_python }}" };
  // Python where Debian has it, which is not looked for then.
  const remote = { ansible_ssh_common_args: `-F ${of.sshConfig}`, ansible_python_interpreter: "/usr/bin/python3" };
  const hosts = Object.fromEntries(of.nodes.map((node) => [node, null]));
  const all = { vars, hosts: { localhost: local }, children: { nodes: { hosts, vars: remote } } };
  writeFileSync(inventory, stringify({ all }));
  let runs = 0;
  const step = (book: string, ...words: string[]): TimedCommand => ({
    command: ["ansible-playbook", "-i", inventory, join(__dirname, "ansible", book), ...words],
    environment: {
      ...of.environment,
      ANSIBLE_CONFIG: join(__dirname, "ansible", "ansible.cfg"),
      // Each run connects anew, as one does that comes a day later.
      get ANSIBLE_SSH_CONTROL_PATH_DIR() {
        return join(of.folder, `ssh-${(runs += 1)}`);
      },
    },
  });
  const again = { ...step("site.yml"), complaint: changedTasks };
  const drift = { ...step("site.yml", "--check"), complaint: changedTasks };
  return { first: step("site.yml"), again, drift, undo: step("undo.yml") };
}

/** Where a run that is to change nothing did, by the recap of ansible-playbook. */
export function changedTasks(output: string): string | undefined {
  const counts = [...output.matchAll(/^(\S+)\s+: ok=\d+\s+changed=(\d+)/gm)];
  if (counts.length === 0) return "no recap of ansible-playbook";
  const changed = counts.filter(([, , count]) => count !== "0").map(([, host, count]) => `${host}: ${count} changed`);
  return changed.length === 0 ? undefined : changed.join(", ");
}

/** `folder` has cdktf.json, `program` is baremetal-lb, `output` cdktf's folder. */
export function thisProject(
  environment: NodeJS.ProcessEnv,
  { folder, program, output }: { readonly folder: string; readonly program: string; readonly output: string },
): Steps {
  const cdktf = (verb: string): TimedCommand => ({
    command: [
      join(folder, "node_modules", ".bin", "cdktf"),
      verb,
      ...["*", "--auto-approve", "--skip-provider-lock", "--output", output],
    ],
    environment,
  });
  const drift: TimedCommand = { command: [process.execPath, program, "drift"], environment };
  return { first: cdktf("deploy"), again: cdktf("deploy"), drift, undo: cdktf("destroy") };
}

export type Ways = Readonly<Record<Way, Steps>>;

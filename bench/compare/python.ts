import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked } from "../../lab/command";
import { aptEnvironment } from "../../lab/host-packages";
import { inNamespace } from "../../lab/namespaces";
import { clusterNamespace } from "../../lab/network-plan";

/** What Ansible needs on a node, and its module for apt; a server's Debian has them, the lab's does not. */
const packages = ["python3", "python3-apt"];

/**
 * Installs Python on the nodes, which have the Debian release of this machine but reach no mirror: this machine downloads what
 * they lack. Nobody's time counts it.
 */
export async function givePython(
  nodes: readonly { readonly name: string }[],
  sshConfig: string,
  folder: string,
  logFile: string,
): Promise<void> {
  const inCluster = (command: readonly string[], timeoutSeconds = 300) =>
    runChecked(inNamespace(clusterNamespace, command), { timeoutSeconds, logFile });
  for (const { name } of nodes) {
    const ssh = (script: string) => inCluster(["ssh", "-F", sshConfig, name, script]);
    const installed = (await ssh(`dpkg-query -W -f '\${db:Status-Status} ' ${packages.join(" ")} 2>/dev/null || true`))
      .stdout;
    if (installed === "installed ".repeat(packages.length)) continue;
    const archives = join(folder, `packages-${name}`);
    mkdirSync(join(archives, "partial"), { recursive: true });
    const status = join(archives, "status");
    writeFileSync(status, (await ssh("cat /var/lib/dpkg/status")).stdout);
    const options = [
      `Dir::State::status=${status}`,
      `Dir::Cache::archives=${archives}`,
      "APT::Sandbox::User=root",
      "Debug::NoLocking=1",
    ].flatMap((option) => ["-o", option]);
    await runChecked(
      ["apt-get", "-q", "-y", "--no-install-recommends", "--download-only", ...options, "install", ...packages],
      { timeoutSeconds: 300, env: aptEnvironment, logFile },
    );
    const debs = readdirSync(archives).filter((file) => file.endsWith(".deb"));
    await ssh("mkdir -p packages");
    await inCluster(["scp", "-q", "-F", sshConfig, ...debs.map((file) => join(archives, file)), `${name}:packages/`]);
    // apt, for its order: some of them have to be configured before others are unpacked.
    await ssh(
      "sudo -n DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install ./packages/*.deb && rm -r packages",
    );
  }
}

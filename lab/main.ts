import { Command, InvalidArgumentError, Option } from "commander";
import { sshCommand } from "./cluster/ssh";
import { endRunningCommands, runInTerminal } from "./command";
import { deployLog } from "./deploy";
import { kernels } from "./kernel-release";
import * as lab from "./lab";
import { LabError } from "./lab-error";
import { maximumNodeCount, openLab } from "./lab-settings";
import { inNamespace } from "./namespaces";
import { clientNamespace, clusterNamespace, type IpFamilies, type IpFamily } from "./network-plan";
import { printing } from "./progress";
import { describeEvidence, urlOf } from "./prove";
import { describeStatus } from "./status";
import { defaultVersions } from "./versions";

const progress = printing();

interface BuildOptions {
  readonly nodes?: number;
  readonly ipFamilies?: IpFamilies;
  readonly binaries?: string;
  readonly kernel?: string;
  readonly kubernetes?: string;
  readonly metallb?: readonly [string, ...string[]];
  readonly bgpType?: readonly string[];
}

const stepOptions = ({ metallb, bgpType, ...options }: BuildOptions): lab.StepOptions => ({
  ...options,
  metallb: metallb?.[0],
  alsoMetallb: metallb?.slice(1),
  bgpTypes: bgpType,
  progress,
});

/** What changes the lab: one at a time, and Ctrl-C ends what it has under way. */
async function changing(what: string, work: () => Promise<unknown>): Promise<void> {
  const interrupt = (signal: NodeJS.Signals) => {
    endRunningCommands();
    console.error(`\n${what} was interrupted by ${signal}. Start it again to go on, or clear up: npm run lab -- down`);
    process.exit(130);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, interrupt);
  await lab.locked(what, work);
}

interface DeployOptions {
  readonly packed?: boolean;
}

const packed = () =>
  progress.step("packed, and installed in a repository of its own", () => lab.usePackage(), "npm pack, npm install");

async function deploy(options: DeployOptions): Promise<void> {
  if (options.packed) await packed();
  await progress.step(
    "deployed: nodes, kube-proxy, MetalLB",
    () => lab.deploy(),
    `cdktf deploy; see ${deployLog(openLab())}`,
  );
}
const applyWorkload = () => progress.step("the workload: two replicas, one Service", () => lab.applyWeb());

async function prove(): Promise<string> {
  const proofs = await progress.step("proven from a host outside of the cluster", () => lab.proveEach());
  for (const line of proofs.flatMap(describeEvidence)) progress.note(`  ${line}`);
  return proofs[0].address;
}

async function everything(options: BuildOptions & DeployOptions): Promise<void> {
  const start = Date.now();
  console.log(`A bare-metal cluster on this machine, in ${openLab().folder}`);
  await lab.up(stepOptions(options));
  await deploy(options);
  await applyWorkload();
  const address = await prove();
  console.log(`
Done in ${Math.round((Date.now() - start) / 1000)} s. The cluster is up, and its Service has the address ${address}. Look around:
  npm run lab -- client curl -s ${urlOf(address)}/
  npm run lab -- kubectl get services,pods -A -o wide
  npm run lab -- ssh node1 ipvsadm -Ln
  npm run lab -- status
Stop it, and leave nothing behind: npm run lab -- down`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > maximumNodeCount) {
    throw new InvalidArgumentError(`expected a whole number from 1 to ${maximumNodeCount}`);
  }
  return number;
}

const isIpFamily = (text: string): text is IpFamily => text === "IPv4" || text === "IPv6";

function ipFamilies(text: string): IpFamilies {
  const [first, ...others] = text.split(",");
  if (first === undefined || !isIpFamily(first) || !others.every(isIpFamily) || others.includes(first)) {
    throw new InvalidArgumentError("expected IPv4, IPv6, IPv4,IPv6 or IPv6,IPv4");
  }
  return [first, ...others];
}

/** Runs a command on this terminal and ends with its exit code. */
async function hand(command: readonly string[], environment?: NodeJS.ProcessEnv): Promise<void> {
  process.exitCode = await runInTerminal(command, environment);
}

const program = new Command("lab")
  .description("A real bare-metal Kubernetes cluster on this machine. Without a command: build, start, deploy, prove.")
  .enablePositionalOptions();

const withTerraform = (command: Command) =>
  command.option("--terraform <program>", "tofu, or another Terraform: TERRAFORM_BINARY_NAME (default: terraform)");

program.hook("preAction", (_program, command) => {
  const { terraform } = command.opts<{ readonly terraform?: string }>();
  if (terraform !== undefined) process.env["TERRAFORM_BINARY_NAME"] = terraform;
});

const withPackage = (command: Command) =>
  command.option(
    "--packed",
    "deploy from a repository of its own that has this project's package (needs npm's registry)",
  );

const withBuildOptions = (command: Command) =>
  withTerraform(command)
    .addOption(new Option("--nodes <n>", "number of nodes").argParser(wholeNumber))
    .option("--binaries <dir>", "ready Kubernetes binaries, such as kubernetes/server/bin of a release")
    .addOption(
      new Option("--ip-families <family,...>", "IPv4, IPv6 or both, the first one first (default: IPv4)").argParser(
        ipFamilies,
      ),
    )
    .option("--kernel <version>", `the nodes' kernel: ${kernels.join(" or ")} (default: ${defaultVersions.kernel})`)
    .option("--kubernetes <version>", `Kubernetes' version (default: ${defaultVersions.kubernetes})`)
    .addOption(
      new Option(
        "--metallb <version,...>",
        `MetalLB's version (default: ${defaultVersions.metallb}, or what the older Kubernetes is proven with), and those that it is to be changed to`,
      ).argParser((text) => text.split(",")),
    )
    .addOption(
      new Option(
        "--bgp-type <type,...>",
        "MetalLB's bgpType (default: native), and those that it is to be changed to",
      ).argParser((text) => text.split(",")),
    );

withPackage(withBuildOptions(program)).action((options: BuildOptions & DeployOptions) =>
  changing("lab", () => everything(options)),
);
withBuildOptions(program.command("build").description("make the programs, disks and images")).action(
  (options: BuildOptions) => changing("build", () => lab.build(stepOptions(options))),
);
withBuildOptions(program.command("up").description("start the cluster, built first where needed")).action(
  (options: BuildOptions) => changing("up", () => lab.up(stepOptions(options))),
);
withPackage(withTerraform(program.command("deploy")))
  .description("deploy the stacks with cdktf")
  .action((options: DeployOptions) => changing("deploy", () => deploy(options)));
program
  .command("prove")
  .description("apply the workload and prove that its Service answers from outside")
  .action(() => changing("prove", () => applyWorkload().then(prove)));
program
  .command("reboot <node>")
  .description("shut a node down and start it again")
  .action((node: string) =>
    changing("reboot", () => progress.step(`${lab.findNode(node).name} rebooted`, () => lab.rebootNode(node))),
  );
program
  .command("status")
  .description("show what runs")
  .action(async () => console.log((await describeStatus(openLab())).join("\n")));
program
  .command("down")
  .description("end everything and remove what the run made")
  .action(() => changing("down", () => progress.step("the lab is down", () => lab.down())));

const passingThrough = (name: string, description: string, action: (args: string[]) => Promise<void>) =>
  program
    .command(name)
    .description(description)
    .argument("[args...]")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(action);

passingThrough("kubectl", "kubectl as the cluster's administrator", (args) =>
  hand(inNamespace(clusterNamespace, ["kubectl", ...args]), lab.clusterEnvironment()),
);
passingThrough(
  "ssh",
  "log in to a node as root, or run a command there: ssh NODE [CMD...]",
  ([node = "node1", ...args]) => hand(sshCommand(lab.runningLab().lab, lab.findNode(node), args)),
);
passingThrough("client", "run a command on the host outside of the cluster", (args) => {
  lab.runningLab();
  return hand(inNamespace(clientNamespace, args.length > 0 ? args : ["bash"]));
});
passingThrough("in", "run a command where the control plane is", (args) =>
  hand(inNamespace(clusterNamespace, args.length > 0 ? args : ["bash"]), lab.clusterEnvironment()),
);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof LabError ? `\n${error.message}` : error);
  process.exitCode = 1;
});

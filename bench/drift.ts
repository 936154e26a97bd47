import { resolve } from "node:path";
import * as lab from "../lab/lab";
import { sshCommand } from "../lab/cluster/ssh";
import { deployArguments } from "../lab/deploy";
import { inNamespace } from "../lab/namespaces";
import { clusterNamespace } from "../lab/network-plan";
import { runFiles } from "../lab/run-files";
import { inTurn, type Command } from "./measure";
import { print } from "./print";

// What one look at the lab's cluster costs, and where the time goes.
//   npm run lab && npm run bench:drift          needs a lab that is up, and deployed

const project = resolve(__dirname, "..");
const runs = 5;
const { lab: running, nodes } = lab.runningLab();
const files = runFiles(running);

const inLab = (...command: readonly string[]): Command => ({
  command: inNamespace(clusterNamespace, command),
  cwd: project,
  env: { ...(lab.clusterEnvironment() as Record<string, string>), CI: "1", FORCE_COLOR: "0" },
});

const ours = (command: string) => inLab("node", "cli/bin.js", command);
const cdktf = (...words: readonly string[]) =>
  inLab("node_modules/.bin/cdktf", ...words, "--output", files.cdktfOutput);
const diff = (stack: string) => cdktf("diff", stack, "--skip-provider-lock");

/** All of them at the same time, in one shell, until the last one ends; fails where one does. */
const sideBySide = (...commands: readonly string[]) =>
  inLab(
    "bash",
    "-c",
    `${commands.map((one) => `${one} & jobs="$jobs $!"; `).join("")}for job in $jobs; do wait $job || exit; done`,
  );
const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(" ");

const stacks = ["nodes", "kube-proxy", "metallb"];
const plans = stacks.map(
  (stack) => `terraform -chdir='${files.cdktfOutput}/stacks/${stack}' plan -input=false >/dev/null`,
);
const logins = nodes.map((node) => quoted(sshCommand(running, node, ["true"])));

const results = inTurn(
  {
    "drift, nothing changed": ours("drift"),
    "of it: synth": inLab("node", "--import", "tsx", "main.ts"),
    "of it: terraform plan of the stacks, at once": sideBySide(...plans),
    "of it: ssh to the nodes for `true`, at once": sideBySide(...logins),
    "cdktf deploy '*', nothing changed": cdktf(...deployArguments),
    "cdktf diff nodes": diff("nodes"),
    "cdktf diff kube-proxy": diff("kube-proxy"),
    "cdktf diff metallb": diff("metallb"),
    check: ours("check"),
    status: ours("status"),
  },
  runs,
);
print("A look at the cluster", results, runs);

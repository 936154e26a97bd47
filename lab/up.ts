import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Build } from "./build";
import { clusterYaml } from "./cluster/cluster-file";
import { completeControlPlane, startApiServer } from "./cluster/control-plane";
import { makeCertificates } from "./cluster/certificates";
import { kubectlCommand, waitForNodes } from "./cluster/kubectl";
import { writeNodeFiles } from "./cluster/node-files";
import { startNode } from "./cluster/nodes";
import { publicHostKey, makeSshKeys } from "./cluster/ssh";
import { runChecked } from "./command";
import { startDaemon } from "./daemon";
import { down } from "./down";
import type { Lab } from "./lab-settings";
import { claimMachine } from "./machine-lock";
import { createNetwork, namespaceExists } from "./namespaces";
import { familyPlans, namespaces, packagePort, planNodes } from "./network-plan";
import type { Progress } from "./progress";
import { terraformConfiguration } from "./providers";
import { allRun, readReady, type ReadyFile } from "./ready";
import { runFiles } from "./run-files";
import { nodeDisks } from "./user-mode-linux";

/** Starts the cluster and waits until its nodes are ready. One that runs as it should is left alone. */
export async function up(lab: Lab, build: Build, progress: Progress): Promise<void> {
  const nodes = planNodes(lab.nodeCount);
  const files = runFiles(lab);
  claimMachine(lab);
  const ready: ReadyFile = {
    nodeCount: lab.nodeCount,
    ipFamilies: lab.ipFamilies,
    bgpTypes: lab.bgpTypes,
    versions: lab.versions,
    binaries: build.binaries,
    baseImage: build.baseImage,
    metallbImages: build.metallbImages,
    linux: build.linux,
  };
  if (isDeepStrictEqual(readReady(lab), ready) && allRun(lab, lab.nodeCount)) {
    progress.note(`the cluster is up already, with ${nodes.length} nodes`);
    return;
  }
  if (existsSync(lab.run) || namespaces.some(namespaceExists)) {
    await progress.step("clearing away what a run before left", () => down(lab));
    claimMachine(lab);
  }
  mkdirSync(lab.run, { recursive: true, mode: 0o700 });
  chmodSync(lab.run, 0o700);

  await progress.step("keys, certificates and each node's own files", async () => {
    await Promise.all([makeSshKeys(lab, nodes), makeCertificates(lab, build.binaries, nodes)]);
    for (const node of nodes) {
      await writeNodeFiles(lab, node, nodes, nodeDisks(lab.run, build, node).files);
    }
    writeFileSync(
      files.clusterConfig,
      clusterYaml(lab, nodes, (node) => publicHostKey(lab, node)),
    );
    for (const manifest of build.metallbManifests) copyFileSync(manifest, join(lab.run, basename(manifest)));
    writeFileSync(files.terraformConfig, terraformConfiguration(lab));
  });
  await progress.step("the control plane", async () => {
    await createNetwork(nodes, lab.ipFamilies);
    startApiServer(lab, build.binaries, build.etcd);
    startDaemon(lab, "package-server", [
      build.packageServer,
      `${familyPlans.IPv4.controlPlane}:${packagePort}`,
      build.packages,
    ]);
    for (const node of nodes) startNode(lab, build, node);
    await completeControlPlane(lab, build.binaries);
  });
  await progress.step(`${nodes.length} nodes ready`, async () => {
    await waitForNodes(lab, ready.binaries, nodes);
    const label = "node-role.kubernetes.io/control-plane=";
    await runChecked(kubectlCommand(lab, ready.binaries, ["label", "node", "node1", label]), { timeoutSeconds: 30 });
    // Written last, and whole or not at all.
    const unfinished = join(lab.run, "ready.unfinished");
    writeFileSync(unfinished, JSON.stringify(ready));
    renameSync(unfinished, files.ready);
  });
}

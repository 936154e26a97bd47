import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Artefact } from "../artefact";
import { runChecked } from "../command";
import { LabError } from "../lab-error";
import type { Availability } from "../providers";
import { readDebianRelease } from "./debian-release";
import { aptOfSuite, type Asked, askSuite } from "./debian-suite";
import { goEnvironment } from "./go-modules";
import { kubernetesPrograms, linkerFlags } from "./kubernetes-programs";

/** Where Debian has a Kubernetes of the walkthrough's era, and the compiler that it can still be built with. */
const debian = {
  suite: "bookworm",
  source: "kubernetes",
  compiler: "golang-1.19",
} as const;

/** Where Kubernetes is below GOPATH, and what its own packages are called: it is older than modules. */
const name = "k8s.io/kubernetes";

/** The first is what `--version` prints, the second what the API server answers at /version. Upstream: hack/lib/version.sh. */
const versionPackages = ["component-base/version", "client-go/pkg/version"].map(
  (path) => `${name}/vendor/k8s.io/${path}`,
);

/** In place of the vendored version, which crashes in programs of Go 1.18 and later. */
const reflect2 = { module: "github.com/modern-go/reflect2", version: "v1.0.2" } as const;

/** What openapi-gen is given: upstream's Makefile.generated_files, KUBE_OPENAPI_TAG_FILES. */
const openapi = {
  tag: "+k8s:openapi-gen=true",
  searched: ["vendor/k8s.io", "pkg", "cmd"],
  leftOut: ["vendor/k8s.io/code-generator/", "vendor/k8s.io/sample-apiserver/"],
  output: "pkg/generated/openapi",
} as const;

/** The packages that openapi-gen is to read, out of the paths of the files that bear its tag. */
export function openapiPackages(files: readonly string[]): string[] {
  const folders = files.filter((file) => !openapi.leftOut.some((start) => file.startsWith(start))).map(dirname);
  return [...new Set(folders)].sort().map((folder) => `${name}/${folder}`);
}

/** Whether one of Debian's versions, such as 1.20.5+really1.20.2-1.1+deb12u1, is of an upstream version. */
export function isOfUpstreamVersion(debianVersion: string, version: string): boolean {
  const upstream = debianVersion.replace(/^\d+:/, "").replace(/-[^-]*$/, "");
  return (/\+really(.*)$/.exec(upstream)?.[1] ?? upstream) === version;
}

/** Kubernetes out of Debian's source package. */
export function debianKubernetesArtefact(version: string): Artefact {
  const packages = kubernetesPrograms.map((program) => `${name}/cmd/${program}`);
  const flags = linkerFlags(version, versionPackages);
  return {
    name: `kubernetes-${version}`,
    inputs: [debian, reflect2, openapi, packages, flags],
    title: `Kubernetes ${version}, built from Debian's source package`,
    hint: "about 15 minutes the first time",
    make: async (target, logFile) => {
      const work = join(target, "work");
      const goRoot = join(work, "go");
      const goPath = join(work, "gopath");
      const source = join(goPath, "src", name);
      const apt = aptOfSuite(join(work, "apt"), readDebianRelease(), debian.suite);
      await runChecked(["apt-get", "update", "-q"], { env: apt, logFile, timeoutSeconds: 300 });
      await unpackCompiler(goRoot, apt, logFile);
      await unpackSource(source, version, apt, logFile);
      await replaceReflect2(source, logFile);
      const options = {
        cwd: source,
        logFile,
        env: {
          ...process.env,
          CGO_ENABLED: "0",
          GO111MODULE: "off",
          GOFLAGS: "",
          GOPATH: goPath,
          GOROOT: join(goRoot, "usr/lib", debian.compiler.replace("golang", "go")),
          GOWORK: "off",
        },
      };
      const go = join(options.env.GOROOT, "bin", "go");
      // Without -trimpath Go's build cache knows the packages by the folder that they were in, which is another each time.
      const build = (output: string, ...rest: readonly string[]) =>
        runChecked([go, "build", "-trimpath", "-o", output, ...rest], { ...options, timeoutSeconds: 7200 });

      const generator = join(work, "openapi-gen");
      await build(generator, `${name}/vendor/k8s.io/kube-openapi/cmd/openapi-gen`);
      // -R follows the symbolic links, which all of vendor/k8s.io are.
      const grep = ["grep", "-RlF", "--include=*.go", openapi.tag, ...openapi.searched];
      const tagged = (await runChecked(grep, { ...options, timeoutSeconds: 120 })).stdout.trim().split("\n");
      const generate = [
        ...[generator, "--logtostderr", "-i", openapiPackages(tagged).join(",")],
        ...["-p", `${name}/${openapi.output}`, "-O", "zz_generated.openapi"],
        ...["-h", "vendor/k8s.io/code-generator/hack/boilerplate.go.txt", "-r", join(work, "violations")],
      ];
      await runChecked(generate, { ...options, timeoutSeconds: 1200 });
      await build(`${target}/`, "-ldflags", flags, ...packages);
      rmSync(work, { recursive: true });
    },
  };
}

async function unpackCompiler(folder: string, apt: NodeJS.ProcessEnv, logFile: string): Promise<void> {
  const downloads = join(folder, "packages");
  mkdirSync(downloads, { recursive: true });
  const packages = [`${debian.compiler}-go`, `${debian.compiler}-src`];
  const options = { cwd: downloads, env: apt, logFile, timeoutSeconds: 600 };
  await runChecked(["apt-get", "download", "-q", ...packages], options);
  for (const file of readdirSync(downloads)) {
    await runChecked(["dpkg-deb", "--extract", join(downloads, file), folder], { logFile, timeoutSeconds: 300 });
  }
}

async function unpackSource(folder: string, version: string, apt: NodeJS.ProcessEnv, logFile: string): Promise<void> {
  const downloads = join(folder, "..");
  mkdirSync(downloads, { recursive: true });
  const options = { cwd: downloads, env: apt, logFile, timeoutSeconds: 900 };
  await runChecked(["apt-get", "source", "-q", "--only-source", debian.source], options);
  const unpacked = readdirSync(downloads, { withFileTypes: true }).find((entry) => entry.isDirectory())?.name ?? "none";
  if (!isOfUpstreamVersion(unpacked.replace(`${debian.source}-`, ""), version)) {
    throw new LabError(`Debian ${debian.suite} has the source package ${unpacked}, expected Kubernetes ${version}`);
  }
  renameSync(join(downloads, unpacked), folder);
}

async function replaceReflect2(source: string, logFile: string): Promise<void> {
  const { module, version } = reflect2;
  const download = ["go", "mod", "download", "-json", `${module}@${version}`];
  const options = { cwd: tmpdir(), env: goEnvironment, logFile, timeoutSeconds: 300 };
  const { Dir } = JSON.parse((await runChecked(download, options)).stdout) as { Dir: string };
  const vendored = join(source, "vendor", module);
  rmSync(vendored, { recursive: true });
  await runChecked(["cp", "-r", "--no-preserve=mode", Dir, vendored], { logFile, timeoutSeconds: 60 });
}

/** Whether apt can have the source package of a Kubernetes version. */
export function debianSourceAvailability(version: string, asked?: Asked): Availability {
  const answer = askSuite(debian.suite, ["showsrc", "--only-source", debian.source], asked);
  if ("reason" in answer) return { available: false, ...answer };
  const versions = [...answer.said.matchAll(/^Version: (\S+)$/gm)].map(([, found = ""]) => found);
  if (versions.some((found) => isOfUpstreamVersion(found, version))) return { available: true };
  const found = versions.join(", ") || "none";
  return {
    available: false,
    reason: `Debian ${debian.suite} has the source package ${debian.source} in these versions: ${found}`,
  };
}

import { checks } from "./checks/all";
import { checkPinned } from "../stacks/metallb/checks/manifest-hash";
import { type NamedFiles, namedFiles } from "./checks/files";
import { type ClusterDraft, salvage } from "./draft";
import { byPlace, type Finding, isError, type Path, pathText, type Problem, shown } from "../values/problem";
import { schemaFindings } from "./schema-findings";
import { at, isMapping } from "./schema-tree";
import { type ClusterConfig, clusterSchema } from "./schema";
import { type Position, Source } from "./source";
import { tidy } from "./unknown-keys";
import { type ReadFile, readResources } from "../stacks/metallb/resources/read-resources";
import { checkResources } from "../stacks/metallb/checks/resources";
import { withObjects } from "../stacks/metallb/resources/as-sections";
import type { ResourceObject } from "../stacks/metallb/resources/resource-object";

/** What was read from a cluster.yaml. */
export interface ClusterReading {
  /** Undefined if there is an error. */
  readonly config: ClusterConfig | undefined;
  /** The other files that it names, as far as they are known whatever is wrong elsewhere. */
  readonly files: NamedFiles;
  /** Every error and warning, in the order of the file. */
  readonly problems: readonly Problem[];
  /** Gives findings that are made later, such as those of `checkFiles`, their place in the file. */
  locate(findings: readonly Finding[]): Problem[];
}

export interface ReadOptions {
  /** Missing and wrong host keys are no problem; wrong ones are left out. For the command that records them. */
  readonly hostKeysOptional?: boolean;
  /** A version of MetalLB that its manifest's hash has to pin is no problem without it. For the command that tells the hash. */
  readonly manifestHashOptional?: boolean;
  /** Reads a file that metallb.resources names. @default none is read, and the configuration has none of their objects */
  readonly readFile?: ReadFile;
}

/**
 * Reads the text of a cluster.yaml and collects every problem: those of syntax, of the schema and across fields.
 * Looks at no other file, but for those that `readFile` reads.
 * @param file is the name that problems are reported under.
 */
export function readCluster(
  text: string,
  file: string,
  { hostKeysOptional = false, manifestHashOptional = false, readFile }: ReadOptions = {},
): ClusterReading {
  const source = new Source(text);
  const { value, findings: unknownKeys, writtenPath } = tidy(clusterSchema, source.value);
  const locate = (findings: readonly Finding[]) =>
    findings.map((finding) => {
      const path = writtenPath(finding.path);
      return placed({ ...finding, path }, file, source.position(path, finding.atKey));
    });
  const ofText = source.findings.map(({ offset, ...finding }) =>
    placed({ severity: "error", ...finding }, file, source.place(offset)),
  );
  if (!isMapping(value)) {
    const problems = ofText.length > 0 ? ofText : locate([notAMapping(value)]);
    return { config: undefined, files: {}, problems, locate };
  }

  const written = salvage(clusterSchema, value) as ClusterDraft;
  const { objects: resourceObjects, findings: ofFiles } = resourcesIn(written, readFile);
  const draft: ClusterDraft =
    resourceObjects === undefined ? written : { ...written, metallb: { ...written.metallb, resourceObjects } };
  const isGiven = (path: Path) => at(clusterSchema, value, path).value !== undefined;
  const beside = withObjects(draft, isGiven);
  const asked = manifestHashOptional ? checks.filter((check) => check !== checkPinned) : checks;
  const found = [
    ...ofText,
    ...locate(unknownKeys),
    ...locate(schemaFindings(clusterSchema, value, (path) => source.written(writtenPath(path)))),
    ...locate(ofFiles),
    ...locate(checkResources(draft)),
    ...locate(beside.atObjects(asked.flatMap((check) => check(beside.draft, beside.isGiven)))),
  ];
  const problems = hostKeysOptional ? found.filter(({ path }) => !isHostKey(path)) : found;
  const parsed = () => clusterSchema.parse(hostKeysOptional ? withUsableHostKeys(value, draft) : value);
  const errorPaths = new Set(problems.filter(isError).map(({ path }) => path));
  return {
    config: problems.some(isError) ? undefined : withResources(parsed(), resourceObjects),
    files: namedFiles(draft, isGiven),
    // A value that is wrong needs no warning too.
    problems: problems.filter((problem) => isError(problem) || !errorPaths.has(problem.path)).sort(byPlace),
    locate,
  };
}

type Resources = readonly ResourceObject[] | undefined;

/** The objects of the files of metallb.resources; undefined where there are no such files, or they are not to be read. */
function resourcesIn({ metallb }: ClusterDraft, readFile: ReadFile | undefined) {
  const files = metallb?.resources ?? [];
  if (readFile === undefined || files.length === 0) return { objects: undefined, findings: [] };
  return readResources(files, readFile);
}

const withResources = (config: ClusterConfig, resourceObjects: Resources): ClusterConfig =>
  resourceObjects === undefined ? config : { ...config, metallb: { ...config.metallb, resourceObjects } };

const isHostKey = (path: string) => /^(nodes\[\d+\]|ssh\.bastion)\.hostKey$/.test(path);

/** Where nothing but host keys is wrong, the draft's nodes and bastion lack nothing else. */
function withUsableHostKeys(value: Readonly<Record<string, unknown>>, { nodes, ssh }: ClusterDraft): unknown {
  return { ...value, nodes, ssh: { ...(value["ssh"] as object), bastion: ssh?.bastion } };
}

function notAMapping(value: unknown): Finding {
  return {
    severity: "error",
    path: [],
    given: value === undefined || value === null ? "an empty file" : shown(value),
    expected: "a mapping with the keys name, kubernetes, ssh, nodes and metallb",
    remedy: "start from cluster.example.yaml",
  };
}

function placed(finding: Finding, file: string, { line, column }: Position): Problem {
  const { severity, path, given, expected, remedy } = finding;
  return { severity, file, line, column, path: pathText(path), given, expected, remedy };
}

import { checks } from "./checks/all";
import { type NamedFiles, namedFiles } from "./checks/files";
import { type ClusterDraft, salvage } from "./draft";
import { byPlace, type Finding, isError, type Path, pathText, type Problem, shown } from "../values/problem";
import { schemaFindings } from "./schema-findings";
import { at, isMapping } from "./schema-tree";
import { type ClusterConfig, clusterSchema } from "./schema";
import { type Position, Source } from "./source";
import { tidy } from "./unknown-keys";

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
}

/**
 * Reads the text of a cluster.yaml and collects every problem: those of syntax, of the schema and across fields.
 * Looks at no other file.
 * @param file is the name that problems are reported under.
 */
export function readCluster(
  text: string,
  file: string,
  { hostKeysOptional = false }: ReadOptions = {},
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

  const draft = salvage(clusterSchema, value) as ClusterDraft;
  const isGiven = (path: Path) => at(clusterSchema, value, path).value !== undefined;
  const found = [
    ...ofText,
    ...locate(unknownKeys),
    ...locate(schemaFindings(clusterSchema, value, (path) => source.written(writtenPath(path)))),
    ...locate(checks.flatMap((check) => check(draft, isGiven))),
  ];
  const problems = hostKeysOptional ? found.filter(({ path }) => !isHostKey(path)) : found;
  const errorPaths = new Set(problems.filter(isError).map(({ path }) => path));
  return {
    config: problems.some(isError)
      ? undefined
      : clusterSchema.parse(hostKeysOptional ? withUsableHostKeys(value, draft) : value),
    files: namedFiles(draft, isGiven),
    // A value that is wrong needs no warning too.
    problems: problems.filter((problem) => isError(problem) || !errorPaths.has(problem.path)).sort(byPlace),
    locate,
  };
}

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

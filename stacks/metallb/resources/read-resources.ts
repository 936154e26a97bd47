import { type Document, LineCounter, parseAllDocuments } from "yaml";
import { z } from "zod";
import { durationSeconds, goDuration } from "../../../values/durations";
import { readExpectation } from "../../../values/expectation";
import { explainIssue } from "../../../values/explain-issue";
import { goYaml } from "../../../values/go-yaml";
import { type Finding, type Path, pathText, shown } from "../../../values/problem";
import { dnsSubdomain, isAnnotationKey, isQualifiedName, labelValue, qualifiedNameText } from "../../../values/scalars";
import { resourceGroup, resourceKinds } from "../pools/resource-kinds";
import { namespaceName } from "../release/component";
import type { ResourceObject } from "./resource-object";
import { specSchemas } from "./spec-schemas";

/** The text of a file that cluster.yaml names, or what is wrong with the file: "does not exist". */
export type ReadFile = (path: string) => { readonly text: string } | { readonly fault: string };

/** What files have, as far as it can be used, and what is wrong with the rest. */
export interface ResourceReading {
  readonly objects: readonly ResourceObject[];
  readonly findings: readonly Finding[];
}

/** Reads the files of metallb.resources, and looks at each object for itself. */
export function readResources(files: readonly (string | undefined)[], readFile: ReadFile): ResourceReading {
  const readings = files.map((file, index) =>
    file === undefined ? { objects: [], findings: [] } : readResourceFile(file, index, readFile),
  );
  return {
    objects: readings.flatMap(({ objects }) => objects),
    findings: readings.flatMap(({ findings }) => findings),
  };
}

type Problem = Pick<Finding, "given" | "expected" | "remedy">;
type Json = Readonly<Record<string, unknown>>;

function readResourceFile(file: string, index: number, readFile: ReadFile): ResourceReading {
  const path: Path = ["metallb", "resources", index];
  const finding = (problem: Problem): Finding => ({ severity: "error", path, ...problem });
  const read = readFile(file);
  if ("fault" in read) {
    const given = `${JSON.stringify(file)}, which ${read.fault}`;
    return { objects: [], findings: [finding({ given, expected: "a file of MetalLB's own YAML", remedy: mendPath })] };
  }
  const lines = new LineCounter();
  const parsed = parseAllDocuments(read.text, { ...goYaml, lineCounter: lines });
  const documents = Array.isArray(parsed) ? parsed : [];
  const mistakes = documents.flatMap((document) => textMistake(document) ?? []);
  if (mistakes.length > 0) {
    const findings = mistakes.map(({ offset, fault, remedy }) => {
      const given = `${file}:${lines.linePos(offset).line}, which ${fault}`;
      return finding({ given, expected: objectsText, remedy });
    });
    return { objects: [], findings };
  }
  const found = documents.flatMap((document) => {
    const value: unknown = document.toJS();
    const line = lines.linePos(document.contents?.range?.[0] ?? 0).line;
    return value === null ? [] : [{ value, place: `${file}:${line}` }];
  });
  const looked = found.map(({ value, place }) => {
    const problems = objectProblems(value);
    if (problems.length > 0) return problems.map((one) => finding({ ...one, given: `${place}: ${one.given}` }));
    return asDeployed(value as Json, { file: index, place });
  });
  const objects = looked.filter((one): one is ResourceObject => !Array.isArray(one));
  const findings = looked.flatMap((one) => (Array.isArray(one) ? one : []));
  if (found.length > 0) return { objects, findings };
  const given = `${JSON.stringify(file)}, which has no object`;
  return { objects, findings: [finding({ given, expected: objectsText, remedy: "take the file out of the list" })] };
}

/**
 * The first thing that is wrong with a document's text: what follows may be its consequence. The parser's own message is
 * not told, since it quotes the text.
 */
function textMistake(document: Document.Parsed) {
  const [error] = document.errors;
  if (error?.code === "DUPLICATE_KEY") {
    return { offset: error.pos[0], fault: "has a key twice", remedy: "keep one of the two" };
  }
  if (error !== undefined) {
    const remedy = "correct it; kubectl apply --dry-run=client -f says what is wrong";
    return { offset: error.pos[0], fault: "is no YAML", remedy };
  }
  try {
    document.toJS();
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown.name !== "ReferenceError") throw thrown;
    const fault = "has an alias (*…) without its anchor (&…) in the same document, or too many of them";
    return { offset: document.contents?.range?.[0] ?? 0, fault, remedy: "write the value itself" };
  }
}

const mendPath = "correct the path, which starts from the folder of cluster.yaml, or put the file there";
const kindNames = resourceKinds.map(({ kind }) => kind).join(", ");
const objectsText = `objects of MetalLB's kinds: ${kindNames}`;

const isMapping = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What is wrong with an object, whatever else is declared. */
function objectProblems(value: unknown): Problem[] {
  if (!isMapping(value)) {
    return [{ given: shown(value), expected: objectsText, remedy: "write apiVersion, kind, metadata and spec" }];
  }
  const ofKind = kindProblem(value);
  if (ofKind !== undefined) return [ofKind];
  return [...outerProblems(value), ...metadataProblems(value), ...specProblems(value)];
}

/** Other kinds that people have beside MetalLB's, with what is to be done. */
const otherKinds: Readonly<Record<string, string>> = {
  AddressPool: "write an IPAddressPool, and an L2Advertisement or BGPAdvertisement that names it",
  ConfigMap: "write its pools as metallb.pools: MetalLB from 0.13 on does not read it",
  FRRConfiguration:
    "apply it with kubectl once MetalLB is deployed: MetalLB's speakers write objects of this kind into the same namespace, and frr-k8s merges them",
  List: "write each of its items as a document of its own, with --- between them",
  Namespace: `take it out: the stacks make ${namespaceName}`,
  Secret: `take it out, since a file in a repository is no place for it: make the Secret in ${namespaceName} by other means, and name it by passwordSecret (kubectl -n ${namespaceName} create secret generic NAME --type kubernetes.io/basic-auth --from-literal password=…)`,
};

function kindProblem({ apiVersion, kind }: Json): Problem | undefined {
  const known = resourceKinds.find((one) => one.kind === kind);
  if (known === undefined) {
    const remedy = otherKinds[String(kind)] ?? "take it out, or correct kind";
    return { given: `kind ${shown(kind)}`, expected: `one of ${kindNames}`, remedy };
  }
  const expected = `${resourceGroup}/${known.version}`;
  if (apiVersion === expected) return undefined;
  return {
    given: `${known.kind} with apiVersion ${shown(apiVersion)}`,
    expected,
    remedy: `write apiVersion: ${expected}`,
  };
}

const outerKeys = ["apiVersion", "kind", "metadata", "spec"];
const metadataKeys = ["name", "namespace", "labels", "annotations"];
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

const ofServer = (object: string, keys: readonly string[], allowed: readonly string[]): Problem[] =>
  keys
    .filter((key) => !allowed.includes(key))
    .map((key) => ({
      given: `${object} with ${key}`,
      expected: `nothing but ${allowed.join(", ")}: the rest is written by the cluster`,
      remedy: `remove ${key}`,
    }));

const outerProblems = (object: Json): Problem[] => ofServer(String(object["kind"]), Object.keys(object), outerKeys);

function metadataProblems({ kind, metadata }: Json): Problem[] {
  if (!isMapping(metadata)) {
    return [{ given: `${String(kind)} without metadata`, expected: "a name", remedy: "write metadata: { name: … }" }];
  }
  const { name, namespace, labels, annotations } = metadata;
  const object = `${String(kind)} ${typeof name === "string" ? name : ""}`.trimEnd();
  const named = dnsSubdomain.safeParse(name);
  const maps = { labels, annotations };
  return [
    ...(named.success ? [] : [{ given: `${String(kind)} with the name ${shown(name)}`, ...told(named.error) }]),
    ...(namespace === undefined || namespace === namespaceName
      ? []
      : [
          {
            given: `${object} with namespace ${shown(namespace)}`,
            expected: `${namespaceName}, where MetalLB reads its configuration, or none`,
            remedy: "remove namespace",
          },
        ]),
    ...ofServer(`${object} with metadata`, Object.keys(metadata), metadataKeys),
    ...Object.entries(maps)
      .filter(
        ([, map]) => map !== undefined && map !== null && !z.record(z.string(), z.string()).safeParse(map).success,
      )
      .map(([key, map]) => ({
        given: `${object} with ${key} ${shown(map)}`,
        expected: "a mapping of texts",
        remedy: "write its values in quotes",
      })),
    ...notKubernetes(object, maps),
    ...(isMapping(annotations) && lastApplied in annotations
      ? [{ given: `${object} with ${lastApplied}`, expected: "no annotation of kubectl's", remedy: "remove it" }]
      : []),
  ];
}

/** Upstream: ValidateLabels and ValidateAnnotations in apimachinery. */
function notKubernetes(object: string, { labels, annotations }: Readonly<Record<"labels" | "annotations", unknown>>) {
  const ofLabels = Object.entries(isMapping(labels) ? labels : {}).flatMap(([key, value]): Problem[] => {
    const given = `${object} with the label ${JSON.stringify(key)}`;
    const remedy = "correct the key";
    if (!isQualifiedName(key)) return [{ given, expected: `a label's key: ${qualifiedNameText}`, remedy }];
    const checked = labelValue.safeParse(value);
    return checked.success || typeof value !== "string"
      ? []
      : [{ given: `${given}: ${shown(value)}`, ...told(checked.error) }];
  });
  const ofAnnotations = Object.keys(isMapping(annotations) ? annotations : {})
    .filter((key) => !isAnnotationKey(key))
    .map((key): Problem => {
      const expected = `an annotation's key: ${qualifiedNameText}`;
      return { given: `${object} with the annotation ${JSON.stringify(key)}`, expected, remedy: "correct the key" };
    });
  return [...ofLabels, ...ofAnnotations];
}

const told = (error: z.ZodError): Pick<Problem, "expected" | "remedy"> => {
  const { expected, remedy } = readExpectation(error.issues[0]?.message ?? "");
  return { expected, remedy: remedy === "" ? "correct it" : remedy };
};

function specProblems({ kind, metadata, spec = {} }: Json): Problem[] {
  const name = isMapping(metadata) ? metadata["name"] : undefined;
  const object = `${String(kind)} ${typeof name === "string" ? name : ""}`.trimEnd();
  if (isMapping(spec) && "password" in spec) {
    return [
      {
        given: `${object} with password (not shown)`,
        expected: "no secret in a file",
        remedy: `put the password into a Secret of ${namespaceName}, type kubernetes.io/basic-auth, and write passwordSecret: { name: NAME }`,
      },
    ];
  }
  const result = specSchemas[String(kind)]?.safeParse(spec, { error: explainIssue });
  return (result?.error?.issues ?? []).flatMap((issue) => issueProblems(issue, object, spec));
}

function issueProblems(issue: z.core.$ZodIssue, object: string, spec: unknown): Problem[] {
  const path = ["spec", ...issue.path] as Path;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      given: `${object} with ${pathText([...path, key])}`,
      expected: "keys that MetalLB has",
      remedy: "correct the key, or remove it",
    }));
  }
  const value = issue.path.reduce<unknown>(
    (inner, step) => (typeof inner === "object" && inner !== null ? (inner as Json)[step as string] : undefined),
    spec,
  );
  const { expected, remedy } = readExpectation(issue.message);
  const given = `${object} with ${pathText(path)} ${shown(value)}`;
  return [{ given, expected, remedy: remedy === "" ? "correct it" : remedy }];
}

const durationKeys = ["holdTime", "keepaliveTime", "connectTime"];

/** As the API server gives it back, so that a plan finds no difference. */
function asDeployed(value: Json, source: ResourceObject["source"]): ResourceObject {
  const { apiVersion, kind, metadata, spec = {} } = value as unknown as ResourceObject;
  const { name, labels, annotations } = metadata;
  const canonical = ([key, inner]: readonly [string, unknown]) => [
    key,
    kind === "BGPPeer" && durationKeys.includes(key) ? goDuration(durationSeconds(String(inner))) : inner,
  ];
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: namespaceName, ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: Object.fromEntries(Object.entries(spec).map(canonical)),
    source,
  };
}

import { setMaxListeners } from "node:events";
import { readFileSync } from "node:fs";
import type { ClusterConfig } from "../cluster/schema";
import { type Drift, findDrift } from "../day-two/drift";
import { explain } from "../day-two/explain/explain";
import { ingressAddresses, isMetallbs, serviceName } from "../day-two/load-balancers";
import { clusterEvents } from "../day-two/report/cluster-events";
import { clusterObjects } from "../day-two/report/cluster-objects";
import { nodeFiles } from "../day-two/report/node-files";
import { type Part, reasonOf, type ReportFile, textPart } from "../day-two/report/part";
import { podLogs, podsAtMost } from "../day-two/report/pod-logs";
import type { Redaction } from "../day-two/report/redaction";
import { planFiles, stateFiles } from "../day-two/report/terraform-files";
import { versionsHere, versionsOfCluster } from "../day-two/report/versions";
import { findStatus } from "../day-two/status/status";
import { verify } from "../day-two/verify/verify";
import { apiProblem, type KubernetesApi } from "../remote/kubernetes/connect";
import { serverThatRuns } from "../stacks/shared/schema/state";
import type { Environment } from "../values/environment";
import { systemProblem, UserError } from "../values/user-error";
import { openProject } from "../remote/terraform/project";
import { check } from "./check";
import { driftText } from "./drift-report";
import { explainText } from "./explain-report";
import { statusText } from "./status-report";
import { verifyText } from "./verify-report";

/** Services that are explained, beside those that were named. */
const explainedAtMost = 10;

/** What a report is of, and what it is made with. */
export interface Reported {
  /** The configuration's file. */
  readonly file: string;
  /** Undefined where the file has mistakes. */
  readonly config: ClusterConfig | undefined;
  readonly environment: Environment;
  readonly home: string;
  /** Gives the Kubernetes API, or fails alike each time. */
  readonly api: () => Promise<KubernetesApi>;
  readonly redaction: Redaction;
  /** A folder of this user alone. */
  readonly scratch: string;
  /** Ends it early. */
  readonly signal: AbortSignal;
  /** Says something meanwhile. */
  readonly say: (text: string) => void;
  /** Of each log, and of each thing that a node shows. */
  readonly lines: number;
  /** Those to be explained in any case. */
  readonly services: readonly string[];
  /** Whether the nodes are asked over SSH. */
  readonly nodes: boolean;
}

/** Far more than it takes, but on a machine that is very busy: each request and each login has a bound of its own. */
const seconds = { brief: 120, nodes: 300, plan: 240, planWithoutApi: 45, terraform: 420, afterTerraform: 540 };

/** Every part of a report, none of which changes anything. */
export function reportParts(reported: Reported): Part[] {
  const { file, environment, home, redaction, lines, services, nodes } = reported;
  const sources = { environment, home };
  const declared = () => declaredBy(reported);
  const ofApi = <T>(work: (api: KubernetesApi, config: ClusterConfig) => Promise<T>) => askApi(reported, work);
  const planned = once(() => plan(reported));
  // That it failed is said once.
  const afterPlans = () =>
    planned().catch(() => {
      throw new UserError("nothing of it is known, since drift.txt failed");
    });
  const part = (name: string, what: string, bound: number, gather: Part["gather"]): Part => ({
    name,
    what,
    seconds: bound,
    gather,
  });
  const text = (name: string, what: string, bound: number, work: () => string | Promise<string>): Part =>
    textPart({ name, what, seconds: bound }, work);
  return [
    text(
      "versions.txt",
      "this project, Node.js, Terraform or OpenTofu with its providers",
      seconds.afterTerraform,
      async () => versionsHere(environment, (await planned().catch(() => undefined))?.stacks.at(-1)),
    ),
    text("cluster-versions.txt", "Kubernetes, MetalLB, each node's kernel and programs", seconds.brief, () =>
      ofApi(versionsOfCluster),
    ),
    text("cluster.yaml", "the configuration", seconds.brief, () => configurationText(file)),
    text("check.txt", "what check says of it", seconds.brief, () => {
      const { stdout, stderr } = check({ config: file }, environment, home);
      return stderr + stdout;
    }),
    text("status.txt", "pools, Services and nodes, as status shows them", seconds.brief, () =>
      ofApi(async (api, config) => statusText(await findStatus(config, api))),
    ),
    text("verify.txt", "every check of verify, which tries no Service", seconds.nodes, async () => {
      const { signal } = reported;
      return verifyText(await verify({ config: declared(), ...sources, service: false, nodes, signal }), { all: true });
    }),
    text("drift.txt", "what differs from what is declared", seconds.terraform, async () =>
      driftText((await planned()).report),
    ),
    part("plans/", "what Terraform would change, stack by stack", seconds.afterTerraform, async () =>
      planFiles(await afterPlans(), redaction),
    ),
    part("states/", "Terraform's states", seconds.afterTerraform, async () =>
      stateFiles(await afterPlans(), redaction),
    ),
    part("explain/", "why Services without an address, and those that were named, do not answer", seconds.nodes, () =>
      ofApi((api, config) => explanations(api, config, { ...reported, services })),
    ),
    ...(nodes
      ? [
          part("nodes/", "addresses, routes, modules, sysctls, IPVS' table and INPUT of each node", seconds.nodes, () =>
            nodeFiles(declared(), sources, { lines }),
          ),
        ]
      : []),
    text(
      "events.txt",
      "events of Services and nodes, and of MetalLB's and kube-proxy's namespaces",
      seconds.brief,
      () => ofApi(clusterEvents),
    ),
    part("objects/", "Services, nodes, MetalLB and kube-proxy as the Kubernetes API has them", seconds.brief, () =>
      ofApi((api, config) => clusterObjects(api, config, redaction)),
    ),
    part(
      "logs/",
      `the last ${lines} lines of each container of MetalLB and kube-proxy, of ${podsAtMost} pods each at most`,
      seconds.nodes,
      () => ofApi((api) => podLogs(api, { lines })),
    ),
  ];
}

/** The same promise each time. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= work());
}

function declaredBy({ config, file }: Pick<Reported, "config" | "file">): ClusterConfig {
  if (config !== undefined) return config;
  throw new UserError(`${file} has mistakes, which check.txt names: correct them first`);
}

/** @throws UserError where the API cannot be asked, or refuses it. */
async function askApi<T>(
  reported: Pick<Reported, "config" | "file" | "api">,
  work: (api: KubernetesApi, config: ClusterConfig) => Promise<T>,
): Promise<T> {
  const config = declaredBy(reported);
  try {
    return await work(await reported.api(), config);
  } catch (error) {
    throw new UserError(apiProblem(error), { cause: error });
  }
}

function configurationText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw systemProblem(`${file} cannot be read`, error);
  }
}

/** All that Terraform is asked for: it locks no state, and is ended by the clock. */
async function plan(reported: Reported): Promise<Drift> {
  const { environment, home, scratch, say, nodes, signal } = reported;
  const bound = AbortSignal.any([signal, AbortSignal.timeout(seconds.terraform * 1000)]);
  // Each run of Terraform waits for it.
  setMaxListeners(0, bound);
  const project = openProject(process.cwd(), environment);
  const config = declaredBy(reported);
  const options = { config, project, home, scratch, say, nodes, lock: false, signal: bound };
  // A plan waits long for an API that says nothing; a server may reach one that is not reached from here.
  const answers = await reported
    .api()
    .then((api) => api.get("/version"))
    .then(
      () => true,
      () => false,
    );
  const isElsewhere = serverThatRuns(config.state) !== undefined;
  return findDrift({ ...options, planSeconds: answers || isElsewhere ? seconds.plan : seconds.planWithoutApi });
}

async function explanations(api: KubernetesApi, config: ClusterConfig, reported: Reported): Promise<ReportFile[]> {
  const { services, nodes, home, environment } = reported;
  const { items } = await api.core.listServiceForAllNamespaces();
  const waiting = items
    .filter((one) => isMetallbs(one, config.metallb) && ingressAddresses(one).length === 0)
    .map(serviceName)
    .slice(0, explainedAtMost);
  const files: ReportFile[] = [];
  // One after the other: each asks all nodes.
  for (const service of new Set([...services, ...waiting])) {
    const name = `explain/${service.replaceAll("/", "-")}.txt`;
    try {
      const report = await explain(api, { config, service, without: [], nodes, home, environment });
      files.push({ name, content: { text: explainText(report) } });
    } catch (error) {
      files.push({ name, problem: reasonOf(error) });
    }
  }
  return files;
}

import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { CredentialSources } from "../../remote/ssh/credentials";
import { UserError } from "../../values/user-error";
import { ingressAddresses, serviceName } from "../load-balancers";
import { whoseText } from "../metallb/installation";
import { configurationNotes } from "../status/configuration";
import { type Check, hasFailed, ifExists } from "../verify/check";
import { addressChecks, withoutAddress } from "./address";
import { announcementChecks } from "./announcement";
import { announcerChecks } from "./announcer";
import { answerChecks, askFromHere } from "./answer";
import { type ClusterFacts, type Facts, findClusterFacts } from "./facts";
import { lookAt } from "./looked";
import { lookAtServiceOnNodes, onNodesChecks } from "./on-nodes";
import { noSuchService, serviceChecks } from "./service";
import { without, type Without } from "./without";

/** Why a Service does not answer, or that it does. */
export interface ExplainReport {
  readonly cluster: string;
  /** "default/web" */
  readonly service: string;
  /** What it takes to reach it, in order, as it was found. */
  readonly story: readonly Check[];
  /** The first thing that is wrong; absent where nothing is. */
  readonly cause?: Check;
  /** What else is wrong, or strange. */
  readonly noticed: readonly string[];
  /** Whether this host got an answer; absent where it could not ask. */
  readonly answers?: boolean;
  /** Who would announce it without some nodes, where that was asked. */
  readonly without?: Without;
}

export interface ExplainOptions extends CredentialSources {
  readonly config: ClusterConfig;
  /** Namespace and name. */
  readonly service: string;
  /** Nodes that are taken for gone, to say who would announce then. */
  readonly without: readonly string[];
  /** Whether the nodes are looked at over SSH. @default true */
  readonly nodes?: boolean;
}

/**
 * Follows one Service from its object to an answer, through the Kubernetes API, over SSH, and from this host. Changes nothing.
 * @throws UserError if the Service cannot be read, or a node that is taken for gone is none.
 */
export async function explain(api: KubernetesApi, options: ExplainOptions): Promise<ExplainReport> {
  const { config, service: place } = options;
  const { service, services } = await findService(api, place);
  if (service === undefined) {
    const cause = noSuchService(place, services.value ?? []);
    return { cluster: config.name, service: place, story: [cause], noticed: [], cause };
  }
  const facts = await findClusterFacts(api, config, { service, services });
  const simulated = options.without.length > 0 ? without(facts, options.without) : undefined;
  const { story, answers } = await storyOf(facts, options);
  const failures = story.filter(({ status }) => status === "failed");
  const [cause, ...others] = failures;
  return {
    cluster: config.name,
    service: place,
    story,
    ...(cause !== undefined && { cause }),
    noticed: [...others.map(({ text }) => text), ...notesOf(facts, failures)],
    ...(answers !== undefined && { answers }),
    ...(simulated !== undefined && { without: simulated }),
  };
}

/** Out of all Services, which tell who has what address; who may not list them may read the one. */
async function findService(api: KubernetesApi, place: string) {
  const [namespace = "", name = ""] = place.split("/");
  const services = await lookAt(api.core.listServiceForAllNamespaces().then(({ items }) => items));
  if (services.value !== undefined) {
    return { services, service: services.value.find((one) => serviceName(one) === place) };
  }
  const one = await lookAt(ifExists(api.core.readNamespacedService({ namespace, name })));
  if (one.problem !== undefined) throw new UserError(services.problem);
  return { services, service: one.value };
}

/** The chapters, each with what those before it found. Where MetalLB does not look after the Service the rest is not its. */
async function storyOf(facts: ClusterFacts, { nodes = true, ...sources }: ExplainOptions) {
  const ofService = serviceChecks(facts);
  if (hasFailed(ofService)) return { story: ofService };
  const ofAddress = [...ofService, ...addressChecks(facts)];
  if (ingressAddresses(facts.service).length === 0) {
    return {
      story: [
        ...ofAddress,
        ...announcementChecks(facts).filter(({ id }) => id === "service.endpoints"),
        withoutAddress(facts),
      ],
    };
  }
  const ofAnnouncement = [...ofAddress, ...announcementChecks(facts)];
  const ofAnnouncer = [...ofAnnouncement, ...announcerChecks(facts, ofAnnouncement)];
  const [onNodes, fromHere] = await Promise.all([
    nodes ? lookAtServiceOnNodes(facts, sources) : { problem: "none of them was to be asked" },
    askFromHere(facts, sources.environment),
  ]);
  const all: Facts = { ...facts, onNodes, fromHere };
  const ofNodes = [...ofAnnouncer, ...onNodesChecks(all)];
  const answers =
    fromHere.own.length > 0 || fromHere.connections.length === 0
      ? undefined
      : fromHere.connections.every(({ outcome }) => outcome === "answers");
  return { story: [...ofNodes, ...answerChecks(all, ofNodes)], answers };
}

/** What is strange beside the Service's own way. */
function notesOf({ installations, configuration, metallb, nodes }: ClusterFacts, told: readonly Check[]): string[] {
  const { other, several } = installations.value ?? {};
  const unready = (nodes.value ?? [])
    .filter(({ status }) => status?.conditions?.some(({ type, status: is }) => type === "Ready" && is !== "True"))
    .map(({ metadata }) => `node ${metadata?.name} is not Ready in Kubernetes`);
  return [
    ...(installations.problem === undefined
      ? []
      : [`whether there is another MetalLB could not be looked at: ${installations.problem}`]),
    ...(other === undefined ? [] : [several ? other : whoseText(metallb)]),
    ...configurationNotes(configuration.value ?? [], metallb),
    ...unready,
  ].filter((note) => !told.some(({ text }) => text === note));
}

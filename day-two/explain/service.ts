import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { closest, distance } from "fastest-levenshtein";
import { isLoadBalancer, isMetallbs, serviceName } from "../load-balancers";
import { classText, lookedAfter } from "../metallb/load-balancer-class";
import { type Check, failed, list, passed } from "../verify/check";
import type { ClusterFacts } from "./facts";

const namedAtMost = 10;

/** That there is no such Service, with those that may be meant. */
export function noSuchService(place: string, services: readonly V1Service[]): Check {
  const [namespace = "", name = ""] = place.split("/");
  const names = services.map(serviceName);
  const inNamespace = names
    .filter((one) => one.startsWith(`${namespace}/`))
    .map((one) => one.slice(namespace.length + 1));
  const near = closest(place, names);
  const remedy =
    names.length > 0 && (near.endsWith(`/${name}`) || distance(place, near) <= 3)
      ? `did you mean ${near}?`
      : `kubectl get services --all-namespaces`;
  const more = inNamespace.length > namedAtMost ? ` and ${inNamespace.length - namedAtMost} more` : "";
  const has =
    inNamespace.length === 0
      ? `the namespace ${namespace} has no Service, or is not there`
      : `the namespace ${namespace} has ${list(inNamespace.slice(0, namedAtMost))}${more}`;
  return failed("service.exists", place, `there is no Service ${place}: ${has}`, remedy);
}

/** Whether a Service is one that MetalLB looks after. */
export function serviceChecks({ service, config, metallb }: ClusterFacts): Check[] {
  const place = serviceName(service);
  const subject = `Service ${place}`;
  const [namespace = "", name = ""] = place.split("/");
  const { deletionTimestamp, finalizers = [] } = service.metadata ?? {};
  if (deletionTimestamp !== undefined) {
    const held = finalizers.length === 0 ? "" : `, and waits for ${list(finalizers)}`;
    const remedy = "wait until it is gone, and create it anew; who holds a finalizer has to run for that";
    const since = deletionTimestamp.toISOString();
    return [failed("service.exists", place, `${subject} is being deleted since ${since}${held}`, remedy)];
  }
  if (!isLoadBalancer(service)) {
    const patch = `kubectl -n ${namespace} patch service ${name} -p '{"spec":{"type":"LoadBalancer"}}'`;
    const text = `${subject} is of the type ${service.spec?.type ?? "ClusterIP"}: only one of the type LoadBalancer is given an address`;
    return [failed("service.type", place, text, patch)];
  }
  const id = "service.class";
  const { loadBalancerClass } = service.spec ?? {};
  const ofWorkloads = lookedAfter(metallb, config.metallb).flatMap(({ workload, problem }) =>
    problem === undefined ? [] : [failed(id, workload.replace(/^.* /, ""), problem, metallb.mend)],
  );
  if (!isMetallbs(service, config.metallb)) {
    const ours = classText(config.metallb.loadBalancerClass);
    const text = `${subject} is ${classText(loadBalancerClass)}, and MetalLB looks after those ${ours}: it is left to another program`;
    const remedy = `create it anew ${ours} (the field cannot be changed), or see that the program of that class runs`;
    return [failed(id, place, text, remedy), ...ofWorkloads];
  }
  const text = `${subject} is of the type LoadBalancer, ${classText(loadBalancerClass)}: MetalLB looks after it`;
  return ofWorkloads.length > 0 ? ofWorkloads : [passed(id, place, text)];
}

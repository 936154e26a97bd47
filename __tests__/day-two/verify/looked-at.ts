import type { Check } from "../../../day-two/verify/check";
import { verifyCluster } from "../../../day-two/verify/cluster";
import { ApiServer } from "../../remote/kubernetes/api-server";
import { answersOf, configFor, healthy, type Objects } from "./healthy-cluster";

/** The checks of a cluster that is healthy but for some objects; undefined: the object is not there. */
export async function checksOf(
  changes: Objects = {},
  declared: Record<string, unknown> = {},
  found: Objects = healthy(),
): Promise<readonly Check[]> {
  const server = await ApiServer.start(answersOf({ ...found, ...changes }));
  try {
    const { checks } = await verifyCluster(configFor(server.kubeconfig, declared), { home: "", environment: {} });
    // To look at a cluster changes nothing in it.
    expect(server.changes).toStrictEqual([]);
    return checks;
  } finally {
    await server.stop();
  }
}

/** Those of them that failed or were skipped. */
export const notPassed = async (...given: Parameters<typeof checksOf>): Promise<readonly Check[]> =>
  (await checksOf(...given)).filter(({ status }) => status !== "passed");

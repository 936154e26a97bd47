import { daemonSetRollout, deploymentRollout, podProblem, rolloutProblem } from "../../day-two/workload";

const complete = { observed: true, wanted: 2, updated: 2, available: 2 };

it.each([
  [{}, undefined],
  [{ observed: false }, "DaemonSet a/b: its latest change is not taken up yet"],
  [{ wanted: 0, updated: 0, available: 0 }, "DaemonSet a/b wants 0 pods"],
  [{ updated: 1 }, "DaemonSet a/b: 1 of 2 pods are of its latest template"],
  [{ available: 1 }, "DaemonSet a/b: 1 of 2 pods are available"],
  [
    { available: 1, minReadySeconds: 20 },
    "DaemonSet a/b: 1 of 2 pods are available, which each is 20 s after it is ready (minReadySeconds)",
  ],
  [{ minReadySeconds: 20 }, undefined],
])("a rollout with %j: %s", (changes, problem) => {
  expect(rolloutProblem("DaemonSet a/b", { ...complete, ...changes })).toBe(problem);
});

it("reads how far a DaemonSet is", () => {
  const status = {
    observedGeneration: 3,
    desiredNumberScheduled: 5,
    updatedNumberScheduled: 4,
    numberAvailable: 2,
    currentNumberScheduled: 5,
    numberMisscheduled: 0,
    numberReady: 3,
  };
  expect(daemonSetRollout({ metadata: { generation: 4 }, status })).toStrictEqual({
    observed: false,
    wanted: 5,
    updated: 4,
    available: 2,
  });
  const spec = { minReadySeconds: 20, selector: {}, template: {} };
  expect(daemonSetRollout({ metadata: { generation: 4 }, spec, status })).toMatchObject({ minReadySeconds: 20 });
});

it("reads how far a Deployment is; without replicas it wants one", () => {
  const spec = { selector: {}, template: {} };
  const status = { observedGeneration: 1, updatedReplicas: 1 };
  expect(deploymentRollout({ metadata: { generation: 1 }, spec, status })).toStrictEqual({
    observed: true,
    wanted: 1,
    updated: 1,
    available: 0,
  });
});

describe("a pod", () => {
  const ready = (status: string, message?: string) => ({ type: "Ready", status, message });

  it.each([
    ["is ready", { conditions: [ready("True")] }, undefined],
    [
      "cannot pull its image",
      { containerStatuses: [{ state: { waiting: { reason: "ErrImagePull", message: "not found" } } }] },
      "ErrImagePull: not found",
    ],
    ["ended", { containerStatuses: [{ state: { terminated: { reason: "Error", exitCode: 1 } } }] }, "Error"],
    [
      "fits nowhere",
      {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/2 nodes" }],
      },
      "Unschedulable: 0/2 nodes",
    ],
    ["is on a lost node", { phase: "Running", conditions: [ready("False", "node lost")] }, "Running: node lost"],
    ["has no status", {}, "it has no status"],
  ])("that %s", (_, status, problem) => {
    expect(podProblem({ status } as Parameters<typeof podProblem>[0])).toBe(problem);
  });

  it("that is being deleted is not ready, whatever it says", () => {
    const metadata = { deletionTimestamp: new Date() };
    expect(podProblem({ metadata, status: { conditions: [ready("True")] } })).toBe("it is being deleted");
  });
});

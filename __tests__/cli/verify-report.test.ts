import { verifyText } from "../../cli/verify-report";

it("prints every check in a line, its remedy below, and the count", () => {
  const checks = [
    { id: "node.ssh", place: "node1", status: "passed", text: "node1: answers over SSH at 10.0.0.1" },
    {
      id: "node.module-ip_vs_wrr",
      place: "node2",
      status: "failed",
      text: "node2: module ip_vs_wrr is not loaded",
      remedy: "npx baremetal-lb heal",
    },
    {
      id: "trial.http",
      place: "a/trial",
      status: "skipped",
      text: "10.0.0.240 was not asked:\nthis host is not on its network",
    },
  ] as const;
  expect(verifyText({ cluster: "lab", passed: false, checks })).toBe(`ok       node1: answers over SSH at 10.0.0.1
failed   node2: module ip_vs_wrr is not loaded
         to mend it: npx baremetal-lb heal
skipped  10.0.0.240 was not asked:
         this host is not on its network

Cluster lab: 3 checks, 1 ok, 1 failed, 1 skipped.
`);
});

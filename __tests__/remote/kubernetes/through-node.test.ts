import { apiThroughNode } from "../../../remote/kubernetes/through-node";
import { fault } from "../../faults";

const api = (stdout: string) =>
  apiThroughNode(
    { run: () => Promise.resolve({ code: 0, stdout, stderr: "" }) },
    { node: "node1", command: "kubectl", kubeconfig: "/etc/kubernetes/admin.conf" },
    { sudo: false },
  );

describe("the Kubernetes API through a node", () => {
  test.each(["", "Welcome to node1!\n\n", "\u001b[32m{node1}\u001b[0m\r\n"])(
    `${fault(262)}: what the shell says first, %j, is no part of the answer`,
    async (greeting) => {
      expect(await api(`${greeting}{\n  "gitVersion": "v1.35.4"\n}`).get("/version")).toStrictEqual({
        gitVersion: "v1.35.4",
      });
    },
  );

  test("an answer that is no JSON is an error that does not show it", async () => {
    await expect(api("Welcome to node1!\n").get("/version")).rejects.toThrow(
      "kubectl on node1 answers GET /version with what is no JSON",
    );
  });
});

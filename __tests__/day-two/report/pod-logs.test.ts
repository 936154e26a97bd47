import { podLogs } from "../../../day-two/report/pod-logs";
import { connectKubernetes } from "../../../remote/kubernetes/connect";
import { ApiServer } from "../../remote/kubernetes/api-server";

const pod = (name: string, { ready = "True", restartCount = 0, component = "speaker" } = {}) => ({
  metadata: { name, labels: { component } },
  spec: { initContainers: [{ name: "first" }], containers: [{ name: component }] },
  status: { conditions: [{ type: "Ready", status: ready }], containerStatuses: [{ name: component, restartCount }] },
});
const many = Array.from({ length: 30 }, (_, index) => pod(`fine-${index}`));

test("the logs are of 20 pods, of those with trouble first, and end with a whole line", async () => {
  const long = `${"a".repeat(99)}\n`.repeat(10_486);
  const server = await ApiServer.start((path, query) => {
    if (path === "/api/v1/namespaces/metallb-system/pods") {
      return { json: { items: [...many, pod("restarted", { restartCount: 2 }), pod("ill", { ready: "False" })] } };
    }
    if (path === "/api/v1/namespaces/kube-system/pods") return { json: { items: [] } };
    if (!path.endsWith("/log")) return undefined;
    return { text: query.get("previous") === "true" ? long.slice(0, 1024 * 1024) : "short" };
  });
  const credentials = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
  const files = await podLogs(await connectKubernetes(credentials, { home: "", environment: {} }), { lines: 5 });
  await server.stop();
  expect(files.map(({ name }) => name)).toEqual([
    "logs/ill/first.log",
    "logs/ill/speaker.log",
    "logs/restarted/first.log",
    "logs/restarted/speaker.log",
    "logs/restarted/speaker.previous.log",
    ...many.slice(0, 18).flatMap(({ metadata: { name } }) => [`logs/${name}/first.log`, `logs/${name}/speaker.log`]),
  ]);
  expect(files[0]?.content).toEqual({ text: "short" });
  expect(files[4]?.content).toEqual({ text: `${long.slice(0, 10_485 * 100)}(cut off here, at 1048576 bytes)\n` });
});

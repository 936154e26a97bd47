import { readyNodes } from "../../lab/cluster/kubectl";

test("only nodes that report Ready are ready, with the boot that they report", () => {
  const node = (name: string, status: string, bootID: string) => ({
    metadata: { name },
    status: {
      conditions: [
        { type: "MemoryPressure", status: "True" },
        { type: "Ready", status },
      ],
      nodeInfo: { bootID },
    },
  });
  const items = [node("a", "True", "x"), node("b", "Unknown", "y"), { metadata: { name: "c" }, status: {} }];
  expect([...readyNodes({ items })]).toStrictEqual([["a", "x"]]);
});

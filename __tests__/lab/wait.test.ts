import { waitFor } from "../../lab/wait";

test("waiting in vain says for what, for how long, and what was seen", async () => {
  let asked = 0;
  const wait = { what: "the nodes", timeoutSeconds: 0.2, intervalSeconds: 0.05, seen: () => `${asked > 1}` };
  const ask = () => {
    asked += 1;
    return undefined;
  };
  const start = Date.now();
  await expect(waitFor(wait, ask)).rejects.toThrow("waited 0.2 s in vain for the nodes\n    last seen: true");
  expect(Date.now() - start).toBeLessThan(2000);
  expect(await waitFor(wait, () => "there")).toBe("there");
});

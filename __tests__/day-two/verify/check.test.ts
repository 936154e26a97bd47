import { fault } from "../../faults";
import { failed, look } from "../../../day-two/verify/check";

test("a part that the API does not let be looked at is a failed check of it", async () => {
  const refused = { code: 403, body: JSON.stringify({ message: "pods is forbidden" }) };
  expect(await look("a.b", "cluster", () => Promise.reject(refused))).toStrictEqual([
    failed("a.b", "cluster", "cluster cannot be looked at: the Kubernetes API answers 403: pods is forbidden"),
  ]);
});

test(`${fault(89)}: a mistake of this project is thrown, and not said to be the API's`, async () => {
  const mistake = new TypeError("x is not a function");
  await expect(look("a.b", "cluster", () => Promise.reject(mistake))).rejects.toBe(mistake);
});

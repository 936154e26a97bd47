import { gatherParts, textPart } from "../../../day-two/report/part";
import { UserError } from "../../../values/user-error";
import { fault } from "../../faults";

const nobody = new AbortController().signal;
const fine = textPart({ name: "fine.txt", what: "fine", seconds: 5 }, () => "fine");
const never = () => new Promise<never>(() => undefined);

test(`${fault(228)}: a part that is late is named as late, and the others are there`, async () => {
  const late = { name: "late/", what: "late", seconds: 0.05, gather: never };
  expect(await gatherParts([late, fine], nobody)).toEqual([
    { name: "late/", what: "late", files: [{ name: "late.txt", problem: "it did not end within 0.05 s" }] },
    { name: "fine.txt", what: "fine", files: [{ name: "fine.txt", content: { text: "fine" } }] },
  ]);
});

test(`${fault(225)}: a part that fails says why, and of a mistake of this project the trace`, async () => {
  const refuse = (error: Error) => textPart({ name: "a.txt", what: "a", seconds: 5 }, () => Promise.reject(error));
  const [known, mistake] = await gatherParts([refuse(new UserError("in words")), refuse(new TypeError("oh"))], nobody);
  expect(known?.files).toEqual([{ name: "a.txt", problem: "in words" }]);
  expect(mistake?.files).toEqual([
    { name: "a.txt", problem: expect.stringMatching(/^a mistake of baremetal-lb: TypeError: oh\n +at /) },
  ]);
});

test("whoever interrupts it waits for nothing", async () => {
  const interruption = new AbortController();
  const gathered = gatherParts([{ name: "late.txt", what: "late", seconds: 60, gather: never }], interruption.signal);
  interruption.abort();
  expect((await gathered)[0]?.files).toEqual([{ name: "late.txt", problem: "it was interrupted" }]);
});

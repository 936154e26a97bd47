import { changedTasks } from "../../bench/compare/ways";

const recap = (first: number, second: number) => `
PLAY RECAP *********************************************************************
localhost                  : ok=7    changed=${first}    unreachable=0    failed=0    skipped=1
node1                      : ok=2    changed=${second}    unreachable=0    failed=0    skipped=0
`;

test("a recap without a change is no complaint", () => {
  expect(changedTasks(recap(0, 0))).toBeUndefined();
});

test("each host with a change is one", () => {
  expect(changedTasks(recap(3, 10))).toBe("localhost: 3 changed, node1: 10 changed");
});

test("so is an output without a recap", () => {
  expect(changedTasks("ERROR!")).toBe("no recap of ansible-playbook");
});

import { columns } from "../../lab/status";

test("columns are as wide as their widest cell", () => {
  expect(
    columns([
      ["NAME", "ID", "STATE"],
      ["kube-apiserver", "1", "running"],
      ["a", "22", ""],
    ]),
  ).toStrictEqual(["NAME            ID  STATE", "kube-apiserver  1   running", "a               22"]);
});

import { readFileSync } from "node:fs";
import { ConfigurationError } from "../../values/problem";
import { systemProblem, UserError, userMessage } from "../../values/user-error";

const thrown = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test("what is for the user is its message; a configuration's mistakes are one a line", () => {
  const problem = {
    severity: "error",
    file: "a.yaml",
    path: "x",
    given: "1",
    expected: "2",
    remedy: "write 2",
  } as const;
  expect(userMessage(new UserError("correct it"))).toBe("correct it");
  expect(userMessage(new ConfigurationError([problem, problem]))).toBe(
    "a.yaml: error: x: given 1; expected 2; write 2\na.yaml: error: x: given 1; expected 2; write 2",
  );
});

test("any other error is thrown as it is, with its trace", () => {
  const mistake = new TypeError("x is not a function");
  expect(thrown(() => userMessage(mistake))).toBe(mistake);
  expect(thrown(() => systemProblem("a cannot be read", mistake))).toBe(mistake);
});

test("what the operating system refuses is put in words", () => {
  const refusal = thrown(() => readFileSync("/nowhere/file"));
  expect(systemProblem("/nowhere/file cannot be read", refusal)).toEqual(
    new UserError("/nowhere/file cannot be read (ENOENT)"),
  );
});

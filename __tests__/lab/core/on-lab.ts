import { preflightProblems } from "../../../lab/preflight";

const problems = preflightProblems();
if (problems.length > 0) {
  console.warn(`SKIPPED: every lab test, since this machine cannot run the lab:\n${problems.join("\n")}`);
}

/** `describe` where this machine can run the lab; elsewhere the tests are counted as skipped, and it is said why. */
export const onLab = problems.length === 0 ? describe : describe.skip;

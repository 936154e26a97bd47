import { openLab, type LabOptions } from "../../../lab/lab-settings";
import { preflightProblems } from "../../../lab/preflight";

/** `describe` where this machine can run such a lab; elsewhere the tests are counted as skipped, and it is said why. */
export function onLabWith(options: LabOptions): jest.Describe {
  const problems = preflightProblems(openLab(options));
  if (problems.length === 0) return describe;
  console.warn(`SKIPPED: these lab tests, since this machine cannot run the lab:\n${problems.join("\n")}`);
  return describe.skip;
}

/** The same for the lab's default versions, and any other that is built from Go modules. */
export const onLab = onLabWith({});

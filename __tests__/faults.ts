import { configuration } from "./faults/configuration";
import { dayTwo } from "./faults/day-two";
import { documents } from "./faults/documents";
import { firstDay } from "./faults/first-day";
import { kubeProxy } from "./faults/kube-proxy";
import { metallb } from "./faults/metallb";
import { nodes } from "./faults/nodes";
import { ownRepository } from "./faults/own-repository";
import type { Row, Section } from "./faults/row";
import { state } from "./faults/state";

/** Every fault that this project has an answer to. docs/faults.md is made from it: `npm run faults`. */
export const sections: readonly Section[] = [
  configuration,
  nodes,
  kubeProxy,
  metallb,
  dayTwo,
  state,
  firstDay,
  documents,
  ownRepository,
];

export const rows: readonly Row[] = sections.flatMap((section) => section.rows);

/** A row's name, such as `fault-17-node-unreachable`. */
export const idOf = ({ number, slug }: Row): string => `fault-${String(number).padStart(2, "0")}-${slug}`;

/**
 * For the title of a test that fails when the row's promise is broken. The document finds the row's tests by these
 * calls, so the number is written as a literal.
 */
export function fault(number: number): string {
  const row = rows.find((candidate) => candidate.number === number);
  if (row === undefined) throw new Error(`there is no fault ${number} in __tests__/faults`);
  return idOf(row);
}

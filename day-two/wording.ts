import { frrK8sGroup } from "../stacks/metallb/release/frr-k8s";
/** How changes are told: as what is otherwise than declared, or as what a deploy would do. */
export interface Wording {
  created(subject: string): string;
  removed(subject: string): string;
  replaced(subject: string): string;
  /** A step of these stacks, such as a script on a node, that never ran. */
  firstRun(subject: string): string;
  /** @param causes what changed since the last deploy; nothing where that is not known. */
  nextRun(subject: string, causes: readonly string[]): string;
  changed(attribute: string, is: string, declared: string): string;
  imported(subject: string): string;
  /** What these stacks have never written yet. */
  unmanaged(subject: string): string;
  /** What has the declared values, and is not what these stacks wrote. */
  rewritten(subject: string): string;
}

/** What there is, beside what is declared. */
export const asDrift: Wording = {
  created: (subject) => `${subject} is missing${losses(subject, "is")}`,
  removed: (subject) => `${subject} is not declared any more${losses(subject, "would be")}`,
  replaced: (subject) => `${subject} is to be replaced`,
  firstRun: (subject) => `${subject} has not run`,
  nextRun: (subject, causes) =>
    causes.length === 0
      ? `${subject} is to be replaced`
      : `${subject} is to run again: changed since the last deploy: ${causes.join(", ")}`,
  changed: (attribute, is, declared) => `${attribute} is ${is}, declared ${declared}`,
  imported: (subject) => `${subject} exists, and is not in Terraform's state yet`,
  unmanaged: (subject) => `${subject} is not managed yet`,
  rewritten: (subject) => `${subject} was written by somebody else`,
};

/** What a deploy would do. */
export const asPlan: Wording = {
  created: (subject) => `${subject} is created`,
  removed: (subject) => `${subject} is removed${losses(subject, "is")}`,
  replaced: (subject) => `${subject} is replaced`,
  firstRun: (subject) => `${subject} runs for the first time`,
  nextRun: (subject, causes) =>
    `${subject} runs again${causes.length === 0 ? "" : `: changed since the last deploy: ${causes.join(", ")}`}`,
  changed: (attribute, is, declared) => `${attribute} changes from ${is} to ${declared}`,
  imported: (subject) => `${subject} is taken into Terraform's state`,
  unmanaged: (subject) => `${subject} is written for the first time`,
  rewritten: (subject) => `${subject} is written again: somebody else wrote it`,
};

/** What goes with a kind beside its objects, by its CustomResourceDefinition. */
const moreIsLost: Readonly<Record<string, string>> = {
  "ipaddresspools.metallb.io":
    ", and the controller, if it runs, takes the addresses of all Services away: docs/undo.md, section Deleted by hand",
  [`frrconfigurations.${frrK8sGroup}`]:
    ", and all BGP sessions of frr-k8s end: docs/day-two.md, section Another bgpType",
};

/** What is lost with a kind; nothing where the subject is none. */
function losses(subject: string, are: "is" | "would be"): string {
  if (!subject.startsWith("CustomResourceDefinition ")) return "";
  const more = Object.entries(moreIsLost).find(([definition]) => subject.endsWith(` ${definition}`))?.[1] ?? "";
  return `, and with it every object of its kind ${are} lost${more}`;
}

/** The stacks in their order; those for MetalLB's custom resources stand before MetalLB itself. */
const order = ["nodes", "kube-proxy", "metallb-crds", "address-pools"] as const;

/** A stack that others wait for. */
export type AwaitedStack = (typeof order)[number];

const request = (stack: string): string => `deploy the stack ${stack} first`;

/** How a condition asks for another stack; cdktf wants those before it named, too. */
export const deployFirst = (stack: AwaitedStack): string =>
  `${request(stack)} (npx cdktf deploy ${order.slice(0, order.indexOf(stack) + 1).join(" ")})`;

/** The same at the beginning of a sentence. */
export const deployFirstSentence = (stack: AwaitedStack): string => deployFirst(stack).replace(/^d/, "D");

/** Whether the message of a condition asks for a stack, at the beginning of a sentence or in it. */
export const asksToDeploy = (message: string, stack: string): boolean => message.toLowerCase().includes(request(stack));

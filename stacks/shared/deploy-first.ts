/** How a condition of a stack asks for another one that has to be deployed before. */
export const deployFirst = (stack: string): string => `deploy the stack ${stack} first (cdktf deploy ${stack})`;

/** Whether the message of a condition asks for a stack, at the beginning of a sentence or in it. */
export const asksToDeploy = (message: string, stack: string): boolean =>
  message.toLowerCase().includes(deployFirst(stack).toLowerCase());

/** The same at the beginning of a sentence. */
export function deployFirstSentence(stack: string): string {
  const text = deployFirst(stack);
  return text[0]?.toUpperCase() + text.slice(1);
}

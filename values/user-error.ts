import { errorCode } from "./error-code";

/**
 * What went wrong, for the user to read: the message is whole, says what was found and how to mend it, and is shown
 * without a stack trace. Any other error is a mistake of this project's, whose trace is what there is to read.
 */
export class UserError extends Error {
  override readonly name: string = "UserError";
}

/** The message of an error that is for the user. @throws the error itself, where it is not. */
export function userMessage(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}

/**
 * What the operating system refused, in words: "cluster.yaml cannot be written (EACCES)".
 * @throws the error itself, where it is none of the operating system's.
 */
export function systemProblem(what: string, error: unknown): UserError {
  const code = errorCode(error);
  if (code === undefined || !("syscall" in (error as object))) throw error;
  return new UserError(`${what} (${code})`, { cause: error });
}

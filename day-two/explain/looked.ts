import { apiProblem } from "../../remote/kubernetes/connect";
import { type Check, skipped } from "../verify/check";

/** What was found at a place, or why it could not be looked at. */
export type Looked<T> =
  { readonly value: T; readonly problem?: undefined } | { readonly value?: undefined; readonly problem: string };

/** One place that cannot be looked at hides none of the others. @throws what is a mistake of this project. */
export async function lookAt<T>(work: Promise<T>): Promise<Looked<T>> {
  try {
    return { value: await work };
  } catch (error) {
    return { problem: apiProblem(error) };
  }
}

/** That a place could not be looked at, or nothing where it was. */
export const unseen = (id: string, place: string, what: string, { problem }: Looked<unknown>): Check[] =>
  problem === undefined ? [] : [skipped(id, place, `${what} could not be looked at: ${problem}`)];

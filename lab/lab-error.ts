/** Something a person can act on: printed as it stands, without a stack trace. */
export class LabError extends Error {
  override readonly name = "LabError";
}

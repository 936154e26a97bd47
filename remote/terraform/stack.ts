/** A stack as synthesis wrote it. */
export interface Stack {
  readonly name: string;
  /** Where Terraform runs, absolute. */
  readonly folder: string;
}

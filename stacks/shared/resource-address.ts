/** Where Terraform has a resource of a stack. A contract with users' state: a changed one needs a `moved`. */
export interface ResourceAddress {
  /** Its id in the stack, which CDKTF makes the last part of the address. */
  readonly id: string;
  /** "null_resource.worker-1" */
  readonly address: string;
}

/** @param type is Terraform's, such as null_resource. */
export const resourceAddress = (type: string, id: string): ResourceAddress => ({ id, address: `${type}.${id}` });

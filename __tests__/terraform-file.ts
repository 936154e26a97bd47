import { terraformProgram } from "../stacks/shared/terraform-program";

/** The Terraform or OpenTofu that the tests start, as a command would: TERRAFORM_BINARY_NAME, or terraform. */
export const terraformFile = terraformProgram(process.env).file;

import { providersAvailability } from "../../lab/providers";

/** `describe` where Terraform and its providers can be had; elsewhere its tests count as skipped, and it says why. */
export function describeWithProviders(what: string): jest.Describe {
  const providers = providersAvailability();
  if (providers.available) return describe;
  console.warn(`SKIPPED: ${what}, since no provider can be had: ${providers.reason}`);
  return describe.skip;
}

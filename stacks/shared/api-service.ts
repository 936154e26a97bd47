import { addressOf, isRange, parseNetwork } from "../../values/address-ranges";

/**
 * The API service's address: the first host address of the (first) service network, 10.96.0.1 for 10.96.0.0/12.
 * kube-apiserver gives it to the Service default/kubernetes.
 * @throws Error if the text is no network.
 */
export function apiServiceAddress(serviceCIDR: string): string {
  const [text = ""] = serviceCIDR.split(",");
  const network = parseNetwork(text);
  if (!isRange(network)) throw new Error(`not a network: ${JSON.stringify(text)}; expected ${network.expected}`);
  return addressOf(network.family, network.first + 1n);
}

/** The same with its port: "10.96.0.1:443", "[fd00::1]:443". */
export function apiServiceEndpoint(serviceCIDR: string): string {
  const address = apiServiceAddress(serviceCIDR);
  return address.includes(":") ? `[${address}]:443` : `${address}:443`;
}

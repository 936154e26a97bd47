import { durationSeconds, goDuration } from "../../values/durations";
import { ipvsKeys, type ManagedConfig } from "./schema";

/** A value of config.conf. */
export type SettingValue = string | boolean | readonly string[];

/** kube-proxy's config.conf, as far as this project looks at it. */
export interface ProxyConfiguration {
  readonly mode?: string;
  readonly ipvs?: Readonly<Record<string, unknown>> | null;
}

/** The keys of config.conf that cluster.yaml declares, and no other: `ipvs` is empty in another mode than ipvs. */
export function declaredSettings(kubeProxy: ManagedConfig): {
  readonly mode: ManagedConfig["mode"];
  readonly ipvs: Readonly<Record<string, SettingValue>>;
} {
  if (kubeProxy.mode !== "ipvs") return { mode: kubeProxy.mode, ipvs: {} };
  const { mode, strictARP, scheduler, excludeCIDRs, tcpTimeout, tcpFinTimeout, udpTimeout } = kubeProxy;
  const given = Object.entries({ tcpTimeout, tcpFinTimeout, udpTimeout }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return {
    mode,
    ipvs: {
      strictARP,
      scheduler,
      ...(excludeCIDRs && { excludeCIDRs }),
      // As kubeadm writes them, so that its next writing is no difference.
      ...Object.fromEntries(given.map(([key, value]) => [key, goDuration(durationSeconds(value))])),
    },
  };
}

/** What kube-proxy takes where a key is absent, empty or null (pkg/proxy/apis/config/v1alpha1 and its ipvs proxier). */
const defaults: Readonly<Record<string, SettingValue>> = {
  mode: "iptables",
  strictARP: false,
  scheduler: "rr",
  excludeCIDRs: [],
};

/** One declared setting beside what a configuration has. */
export interface SettingComparison {
  /** "mode", "strictARP", "excludeCIDRs" */
  readonly key: string;
  readonly equal: boolean;
  /** In words: "iptables", "true", "10.0.0.0/8, 10.1.0.0/16", "none". */
  readonly found: string;
  readonly declared: string;
}

/** Every declared setting beside what a configuration has, by meaning. */
export function compareSettings(configuration: ProxyConfiguration, declared: ManagedConfig): SettingComparison[] {
  const { mode, ipvs } = declaredSettings(declared);
  return [
    compare("mode", configuration.mode, mode),
    ...Object.entries(ipvs).map(([key, wanted]) => compare(key, configuration.ipvs?.[key], wanted)),
  ];
}

/** The settings in which two configurations differ, by meaning, of those that this project can declare. */
export function differentSettings(is: ProxyConfiguration, declared: ProxyConfiguration): SettingComparison[] {
  const all = [
    compare("mode", is.mode, declared.mode),
    ...ipvsKeys.map((key) => compare(key, is.ipvs?.[key], declared.ipvs?.[key])),
  ];
  return all.filter(({ equal }) => !equal);
}

function compare(key: string, is: unknown, declared: unknown): SettingComparison {
  const [found, wanted] = [is, declared].map((value) =>
    value === undefined || value === null || value === "" ? (defaults[key] ?? "0s") : value,
  );
  // What is text in quotes is no true or false to kube-proxy, which then does not start.
  const words = typeof found === "string" && typeof wanted === "boolean" ? JSON.stringify(found) : inWords(found);
  return { key, equal: words === inWords(wanted), found: words, declared: inWords(wanted) };
}

const inWords = (value: unknown): string => (Array.isArray(value) ? value.join(", ") || "none" : String(value));

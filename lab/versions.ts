/** What the lab runs. */
export interface Versions {
  readonly kubernetes: string;
  readonly metallb: string;
}

export const defaultVersions: Versions = { kubernetes: "1.35.4", metallb: "0.9.6" };

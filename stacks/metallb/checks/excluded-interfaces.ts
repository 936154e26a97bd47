import type { MetallbDraft } from "../draft";
import { isAnnouncedBy } from "../pools/protocols";
import { usesCustomResources } from "../release/releases";
import { excludedInterfacesOf } from "../release/running";
import type { Finding } from "../../../values/problem";

/** Interfaces that an announcement names though layer2 announces from none of them; upstream: internal/layer2/announcer.go. */
export function checkExcludedInterfaces({ metallb }: MetallbDraft): Finding[] {
  const version = metallb?.version;
  if (version === undefined || !usesCustomResources(version)) return [];
  const own = metallb?.speaker?.excludeInterfaces;
  const excluded = own?.filter((text) => text !== undefined) ?? excludedInterfacesOf(version);
  return (metallb?.pools ?? []).flatMap((pool, poolIndex) =>
    (isAnnouncedBy(pool, "layer2") ? (pool?.l2Advertisements ?? []) : []).flatMap((advertisement, index) =>
      (advertisement?.interfaces ?? []).flatMap((name, place): Finding[] => {
        const by = excluded.find((text) => name !== undefined && new RegExp(text).test(name));
        if (by === undefined) return [];
        const whose =
          own === undefined ? "upstream's list of excluded interfaces" : "metallb.speaker.excludeInterfaces";
        return [
          {
            severity: "warning",
            path: ["metallb", "pools", poolIndex, "l2Advertisements", index, "interfaces", place],
            given: JSON.stringify(name),
            expected: `an interface that layer2 announces from: ${JSON.stringify(by)} of ${whose} leaves this one out`,
            remedy:
              own === undefined
                ? "name another one, or write metallb.speaker.excludeInterfaces without it"
                : "name another one, or take the expression out of the list",
          },
        ];
      }),
    ),
  );
}

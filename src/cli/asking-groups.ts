import { groupBy } from "../bytes/group.ts";
import type { AskingGroup } from "../report/asking.ts";
import type { Asking, AskingPlan, Station } from "../triage/verify/plan.ts";

/** A plan by rules, as it is shown: with the requests of each and the findings that they are about. */
export const groupsOf = ({ askings }: AskingPlan): readonly AskingGroup[] =>
  [...groupBy(askings, ({ finding }) => finding.rule.id)].map(([rule, same]) => ({
    rule,
    provider: rule.slice(0, rule.indexOf(".")),
    requests: requestsOf(same),
    findings: same.map(({ finding }) => finding),
  }));

/** The hosts of a plan, each once, in the order in which they are first asked. */
export const hostsOf = (askings: readonly Asking[]): readonly string[] => [
  ...new Set(askings.flatMap(({ stations }) => stations.map(({ host }) => host))),
];

/** Each request once: two secrets are mostly asked about in the same way. */
function requestsOf(askings: readonly Asking[]): AskingGroup["requests"] {
  const requests = askings.flatMap(({ question: { method }, stations }) =>
    stations.map((station) => ({ host: station.host, method, path: pathOf(station) })),
  );
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

const pathOf = ({ template }: Station): string => template.replace(/^\w+:\/\/[^/]+/, "");

/** One finding: a line that says what and where, and below it, once it is opened, everything else. */
import { element, link } from "./element.ts";
import type { Advice, PageFinding, Place } from "./view.ts";

/** Its details are made when somebody opens it: with ten thousand findings nobody opens them all. */
export function findingItem(finding: PageFinding): HTMLLIElement {
  const { severity, name, secret, places, status, verdict } = finding;
  const more = places.length > 1 ? ` and ${places.length - 1} more` : "";
  const details = element(
    "details",
    {},
    element(
      "summary",
      {},
      element("span", { class: `severity ${severity}` }, severity),
      element("span", { class: "name" }, `${name} `, secret === null ? undefined : element("code", {}, secret)),
      element("span", { class: `status ${status}` }, verdict === "new" ? status : `${verdict}, ${status}`),
      element("span", { class: "place" }, (places[0]?.name ?? "") + more),
    ),
  );
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) details.append(inside(finding));
  });
  return element("li", { class: "finding" }, details);
}

function inside(finding: PageFinding): HTMLElement {
  const { places, advice } = finding;
  return element(
    "div",
    { class: "inside" },
    element("h3", {}, "What to do"),
    element("ol", {}, ...advice.map(step)),
    element("h3", {}, places.length === 1 ? "Where" : `Where (${places.length})`),
    element("ul", {}, ...places.slice(0, most).map(placeItem), rest(places)),
    element("h3", {}, "What is known"),
    facts(finding),
  );
}

const most = 200;

const rest = ({ length }: readonly Place[]): HTMLElement | undefined =>
  length > most ? element("li", {}, `and ${(length - most).toLocaleString("en-US")} more`) : undefined;

const placeItem = ({ name, url, commit, status }: Place): HTMLElement =>
  element(
    "li",
    {},
    url === null ? element("code", {}, name) : link(url, name),
    commit === null ? ` ${status}` : ` in ${commit.slice(0, 7)}, ${status}`,
  );

const step = ({ text, url, command }: Advice): HTMLElement =>
  element(
    "li",
    {},
    `${text} `,
    url === undefined ? undefined : link(url, url),
    command === undefined ? undefined : commandLine(command),
  );

function commandLine(command: string): HTMLElement {
  const button = element("button", { type: "button" }, "Copy");
  button.addEventListener("click", () => {
    // A page that is opened from a file may not write to the clipboard everywhere; the text can then be selected.
    navigator.clipboard?.writeText(command).then(
      () => button.replaceChildren("Copied"),
      () => button.replaceChildren("Select it"),
    );
  });
  return element("div", { class: "command" }, element("code", {}, command), button);
}

function facts(finding: PageFinding): HTMLElement {
  const { introduced, removed, refs, confidence, components, rule, fingerprint, verdictReason } = finding;
  const { liveness, livenessReason } = finding;
  const told = liveness === "unchecked" && livenessReason === null ? "" : liveness;
  const alive = [told, livenessReason ?? ""].filter((text) => text !== "").join(": ");
  const event = ({ commit, date, author }: NonNullable<PageFinding["introduced"]>): string =>
    `${date.slice(0, 10)} by ${author.name} <${author.email}> in ${commit.slice(0, 7)}`;
  const rows: readonly (readonly [string, string])[] = [
    ["Since", introduced === null ? "" : event(introduced)],
    ["Gone", removed === null ? "" : event(removed)],
    ["Refs", refs.join(", ")],
    ["Confidence", confidence],
    ["Liveness", alive],
    ...Object.entries(finding.facts).map(([name, fact]) => [label(name), String(fact)] as const),
    ["With", components.map((part) => `${part.rule} ${part.secret}`).join(", ")],
    ["Accepted because", verdictReason ?? ""],
    ["Rule", rule],
    ["Fingerprint", fingerprint],
  ];
  const spoken = rows.filter(([, text]) => text !== "");
  return element("dl", {}, ...spoken.flatMap(([name, text]) => [element("dt", {}, name), element("dd", {}, text)]));
}

/** `keyEncrypted` as `Key encrypted`. */
const label = (name: string): string => {
  const words = name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
  return words.slice(0, 1).toUpperCase() + words.slice(1);
};

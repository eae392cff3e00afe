/** The page of an HTML report: reads the result that stands in the file and shows what the reader asks for. */
import { element } from "./element.ts";
import { findingItem } from "./finding.ts";
import { type Choice, chosen, orders, type PageFinding, type PageResult, searchable, type Unread } from "./view.ts";

/** Findings that are drawn at once; more come as the reader scrolls. */
const lot = 100;

function start(): void {
  const text = document.getElementById("result")?.textContent ?? "";
  const result: PageResult = JSON.parse(text);
  const page = document.getElementById("page");
  page?.replaceChildren(
    ...unreadSection("Could not be read", "fault", result.unread),
    ...findingSections(result.findings),
    ...unreadSection("Left out on request", "policy", result.unread),
    footer(result),
  );
}

function findingSections(findings: readonly PageFinding[]): HTMLElement[] {
  if (findings.length === 0) return [];
  const texts = findings.map(searchable);
  const list = element("ol", { class: "findings" });
  const told = element("p", { class: "told", role: "status" });
  const more = element("button", { class: "more", type: "button" });
  let shown: readonly number[] = [];
  let drawn = 0;

  const draw = (): void => {
    const next = shown.slice(drawn, drawn + lot);
    list.append(...next.flatMap((index) => findings[index] ?? []).map(findingItem));
    drawn += next.length;
    more.hidden = drawn >= shown.length;
    more.replaceChildren(`Show more (${(shown.length - drawn).toLocaleString("en-US")} left)`);
  };
  const update = (choice: Choice): void => {
    shown = chosen(findings, texts, choice);
    drawn = 0;
    list.replaceChildren();
    draw();
    const count = shown.length.toLocaleString("en-US");
    told.replaceChildren(`${count} of ${findings.length.toLocaleString("en-US")} findings`);
  };
  more.addEventListener("click", draw);
  new IntersectionObserver((entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting) && !more.hidden) draw();
  }).observe(more);

  const bar = filterBar(findings, update);
  return [element("h2", { class: "unseen" }, "Findings"), bar, told, list, more];
}

/** Search, filters and order; calls `update` now and at each change. */
function filterBar(findings: readonly PageFinding[], update: (choice: Choice) => void): HTMLElement {
  const search = element("input", {
    type: "search",
    placeholder: "Search: file, author, rule, commit",
    "aria-label": "Search",
  });
  const order = element(
    "select",
    { "aria-label": "Order" },
    ...Object.keys(orders).map((name) => element("option", { value: name }, orderNames[name as Choice["order"]])),
  );
  const severities = new Set<string>();
  const statuses = new Set<string>();
  const hasAccepted = findings.some(({ verdict }) => verdict !== "new");
  let accepted = !findings.some(({ verdict }) => verdict === "new");
  const apply = (): void =>
    update({ words: search.value, severities, statuses, accepted, order: order.value as Choice["order"] });
  search.addEventListener("input", apply);
  order.addEventListener("change", apply);
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    search.focus();
  });
  const fresh = findings.filter(({ verdict }) => verdict === "new");
  const choices = fresh.length > 0 ? fresh : findings;
  const bar = element(
    "search",
    { class: "bar" },
    search,
    toggles("Severity", severities, { of: choices, read: ({ severity }) => severity, names: levels, apply }),
    toggles("Status", statuses, { of: choices, read: ({ status }) => status, names: statusNames, apply }),
    hasAccepted && fresh.length > 0
      ? toggle("Accepted, too", false, (on) => {
          accepted = on;
          apply();
        })
      : undefined,
    order,
  );
  apply();
  return bar;
}

const levels = ["critical", "high", "medium", "low"];
const statusNames = ["present", "uncommitted", "removed", "unreachable"];

const orderNames: Readonly<Record<Choice["order"], string>> = {
  severity: "Worst first",
  newest: "Newest first",
  oldest: "Oldest first",
  path: "By file",
  rule: "By rule",
  places: "Most places first",
};

interface Toggles {
  readonly of: readonly PageFinding[];
  readonly read: (finding: PageFinding) => string;
  readonly names: readonly string[];
  readonly apply: () => void;
}

function toggles(title: string, on: Set<string>, { of, read, names, apply }: Toggles): HTMLElement | undefined {
  const counts = new Map(names.map((name) => [name, of.filter((finding) => read(finding) === name).length]));
  const present = names.filter((name) => (counts.get(name) ?? 0) > 0);
  if (present.length < 2) return undefined;
  const buttons = present.map((name) =>
    toggle(
      name,
      false,
      (isOn) => {
        if (isOn) on.add(name);
        else on.delete(name);
        apply();
      },
      counts.get(name),
    ),
  );
  return element("fieldset", {}, element("legend", {}, title), ...buttons);
}

function toggle(name: string, isOn: boolean, change: (isOn: boolean) => void, count?: number): HTMLElement {
  const number =
    count === undefined ? undefined : element("span", { class: "count" }, ` ${count.toLocaleString("en-US")}`);
  const button = element("button", { type: "button", "aria-pressed": String(isOn) }, name, number);
  button.addEventListener("click", () => {
    const next = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(next));
    change(next);
  });
  return button;
}

/** What was not read, for one kind of reason; nothing when there is none. */
function unreadSection(title: string, by: Unread["by"], unread: readonly Unread[]): HTMLElement[] {
  const groups = unread.filter((group) => group.by === by);
  if (groups.length === 0) return [];
  const rows = groups.map(({ phrase, names, more }) => {
    const rest = more > 0 ? element("li", {}, `and ${more.toLocaleString("en-US")} more`) : undefined;
    const list = element("ul", {}, ...names.map((name) => element("li", {}, name)), rest);
    return element("details", {}, element("summary", {}, phrase), list);
  });
  return [element("h2", {}, title), element("div", { class: `unread ${by}` }, ...rows)];
}

const footer = ({ made }: PageResult): HTMLElement => element("footer", {}, made);

start();

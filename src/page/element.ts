/** Makes elements. Text only ever becomes text: there is no way here to turn a string into markup. */

type Child = Node | string | undefined;

interface Properties {
  readonly class?: string;
  readonly [attribute: string]: string | (() => void) | undefined;
}

/** An element with attributes, listeners (`onclick`) and children; what is `undefined` is left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A link to a page on the web; plain text for any other address, which could be a script. */
export function link(url: string, text: string): HTMLElement | string {
  if (!/^https?:\/\//i.test(url)) return text;
  return element("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, text);
}

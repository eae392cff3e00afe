/** Values put into the templates of a question, each as the place where it goes needs it. */

/** What placeholders stand for. */
export type Values = Readonly<Record<string, string>>;

/** How a value is written at a place; undefined where it cannot stand there. */
type Encode = (value: string) => string | undefined;

/** A value that a template needs and that is not there, or cannot stand where it goes; the message says which. */
export class Unfit extends Error {}

/**
 * `template` with every `{name}` replaced.
 *
 * @throws Unfit when there is no such value, or `encode` refuses it. The message never holds the value.
 */
export function fill(template: string, values: Values, encode: Encode): string {
  return template.replace(/\{([A-Za-z]\w*)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined || value === "") throw new Unfit(`${nameOf(name)} is not known`);
    const written = encode(value);
    if (written === undefined) throw new Unfit(`${nameOf(name)} holds characters that cannot be sent`);
    return written;
  });
}

const nameOf = (name: string): string =>
  name === "secret" ? "the secret" : name === "near" ? "its other part" : `its ${name}`;

/** In a path or a query. A colon is left, since some paths hold keys of the form `id:key`. */
export const inAddress: Encode = (value) => {
  if (!printable.test(value) || /^\.{1,2}$/.test(value)) return undefined; // dots would climb out of their folder
  return encodeURIComponent(value).replaceAll("%3A", ":");
};

/** As a label of a host name, which must not end it. */
export const inHost: Encode = (value) => (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(value) ? value : undefined);

/** In a header, where a line break would begin another one. */
export const inHeader: Encode = (value) => (printable.test(value) ? value : undefined);

/** In a string of a JSON body. */
export const inJson: Encode = (value) => JSON.stringify(value).slice(1, -1);

/** In a body that is a form. */
export const inForm: Encode = (value) => encodeURIComponent(value);

const printable = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

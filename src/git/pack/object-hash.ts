import { createHash, type Hash } from "node:crypto";
import type { ObjectType } from "../object-store.ts";
import type { OidBytes } from "../oid-table.ts";

/** The hash that names an object, fed with all that comes before its content. Its hexadecimal digest is the id. */
export const objectHash = (type: ObjectType, size: number, idBytes: OidBytes): Hash =>
  createHash(idBytes === 20 ? "sha1" : "sha256").update(`${type} ${size}\0`);

import { awsKeyId } from "./aws-key-id.ts";
import { azureCask } from "./azure-cask.ts";
import { azureDevopsLegacy } from "./azure-devops-legacy.ts";
import { azureHis } from "./azure-his.ts";
import { base62Crc32 } from "./base62-crc32.ts";
import type { Checksum } from "./checksum.ts";
import { crc32Base64Le } from "./crc32-base64-le.ts";
import { crc32Hex } from "./crc32-hex.ts";
import { crc32HexLe } from "./crc32-hex-le.ts";
import { entraClientSecret } from "./entra-client-secret.ts";
import { gitlabRoutable } from "./gitlab-routable.ts";
import { jwt } from "./jwt.ts";
import { privateKey } from "./private-key.ts";
import { pypiMacaroon } from "./pypi-macaroon.ts";

const shelf: readonly Checksum[] = [
  awsKeyId,
  azureCask,
  azureDevopsLegacy,
  azureHis,
  base62Crc32,
  crc32Base64Le,
  crc32Hex,
  crc32HexLe,
  entraClientSecret,
  gitlabRoutable,
  jwt,
  privateKey,
  pypiMacaroon,
];

/** Every scheme by the name that rules use. */
export const checksums: ReadonlyMap<string, Checksum> = new Map(shelf.map((scheme) => [scheme.name, scheme]));

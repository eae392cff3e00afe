import type { Checksum } from "./checksum.ts";
import { marvin32 } from "./marvin32.ts";

/** The signature before the checksum, and the seeds of the services and key kinds that share it. */
const seeds: Readonly<Record<string, readonly string[]>> = {
  "+ABa": ["AbAcct00"],
  "+ACR": ["ACRDflt0"],
  "+AEh": ["Listen00", "Manage00", "Send0000"],
  "+AMC": ["Classic0"],
  "+ARm": ["Listen00", "Manage00", "Send0000"],
  "+ASb": ["Listen00", "Manage00", "Send0000"],
  "+ASt": ["Default0"],
  ACDb: ["Encryp00", "MastRO00", "MastRW00", "Resour00", "SysAll00", "SystRO00", "SystRW00"],
  AIoT: ["Device00", "DpsKey00", "IoTHub00"],
  APIM: ["Gatewy00", "GitKey00", "IoTHub00", "Tenant00"],
  AZEG: ["SendRecv"],
  AzCa: ["Access00"],
  AzFu: ["Functi00", "Master00", "System00"],
  AzSe: ["PAdmin00", "Query000"],
};

/**
 * Azure's identifiable keys (storage, service bus, Cosmos DB, …): base64 of random bytes, a signature of four
 * characters, and the Marvin32 of all before as four little-endian bytes. Source: microsoft/security-utilities,
 * `IdentifiableMetadata`; its generator and issued keys agree.
 */
export const azureHis: Checksum = {
  name: "azure-his",
  raises: true,
  lowers: true,
  check(secret) {
    const text = /^([0-9A-Za-z+/_-]{43,86})={0,2}$/.exec(secret)?.[1]?.replaceAll("-", "+").replaceAll("_", "/");
    const names = text === undefined ? undefined : seeds[text.slice(-10, -6)];
    if (text === undefined || names === undefined) return undefined;
    const key = Buffer.from(text, "base64");
    const sum = key.readUInt32LE(key.length - 4);
    const valid = names.some((seed) => marvin32(key.subarray(0, -4), seed) === sum);
    return { state: valid ? "valid" : "invalid" };
  },
};

import type { Screen } from "./screen.ts";

/** Ciphertext by its own mark: SOPS, jasypt, Ansible, Spring, HashiCorp transit, eyaml, AWS KMS, age, GPG. */
const ciphertext =
  /^(?:ENC\[|ENC\(|\$ANSIBLE_VAULT|\{cipher\}|vault:v\d+:|DEC::|\{aes\}|AQICAH|AQECAH|age-encryption\.org|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)|encrypted:|enc:)/;

/** Ciphertext by the key it stands under, as in `secure:` of CI configurations and `encryptedData` of sealed secrets. */
const label = /(?:^|[\s"'{,-])(?:secure|encrypted[\w-]*|ciphertext|sealed[\w-]*)["']?\s*[:=]\s*[>|]?\s*["']?$/i;

/** Already encrypted: the file may be public, its key may not. */
export const encrypted: Screen = {
  name: "encrypted",
  generic: false,
  objection({ secret, before }) {
    if (ciphertext.test(secret)) return "is encrypted";
    return label.test(before) ? "stands where ciphertext is put" : undefined;
  },
};

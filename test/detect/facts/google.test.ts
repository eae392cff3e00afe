import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { leaksweep } from "../../kit.ts";

it("the key file of a Google service account tells its project", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const file = {
    type: "service_account",
    project_id: "contoso-prod",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    client_email: "deploy@contoso-prod.iam.gserviceaccount.com",
  };
  const { stdout } = await leaksweep(["stdin", "-f", "json"], { stdin: JSON.stringify(file, undefined, 2) });
  expect(JSON.parse(stdout).findings).toMatchObject([
    { rule: "google.service-account-key", facts: { project: "contoso-prod" } },
  ]);
});

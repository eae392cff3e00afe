import { wordiness } from "../randomness.ts";
import { grave, type Screen } from "./screen.ts";

/** Where a template engine or a shell puts something in. */
const template = /\$\{|#\{|\{\{|\$\(|<%|%\{|\$\[|\$\{\{/;

/** Templates, whole. */
const filled = /[$#%]\{[^{}]*\}|\$?\{\{[^{}]*\}\}|\$[([][^()[\]]*[)\]]|<%.*?%>/g;

/** Whether what stands around the templates is long and looks drawn: a password may hold `${` by chance. */
function isChanceAround(secret: string): boolean {
  const around = secret.replace(filled, "");
  return around.length >= 12 && !/:\/\//.test(around) && wordiness(around) < -0.3;
}

/** A variable, and nothing else. */
const variable =
  /^(?:(?:\$[A-Za-z_]\w*){1,2}|\$\d|%[A-Za-z_]\w*%|%\(\w+\)[sd]|%[sdv@]|\{\d?\}|@[A-Za-z_]\w*@|__[A-Z][A-Z0-9_]*__)$/;

/** Something that is looked up when the program runs. */
const lookup =
  /^(?:process\.env|import\.meta\.env|os\.(?:environ|getenv)|System\.getenv|Environment\.|ENV\b|env[.([]|getenv|config[.([]|settings\.|secrets?[.[]|vars?\.|local\.|data\.|module\.|self[.[]|this[.[]|params?[.[]|props\.|options\.|args\.|req\.|request\.|ctx\.|context\.|\$_(?:ENV|SERVER|POST|GET|REQUEST)\b|@Microsoft\.KeyVault\(|!(?:Ref|GetAtt|Sub|ImportValue|vault)\b|Fn::)/;

/** The address of a secret in a store of secrets. */
const address =
  /^(?:(?:vault|ssm|secretsmanager|aws-ssm|aws-sm|gcp-sm|gcpsm|op|keyvault|akv|azurekv|doppler|infisical|bws|ref\+\w+|sm|awssm|awsssm|keyring|env|file|docker-secret):\/\/|arn:aws[\w-]*:|projects\/[\w-]+\/secrets\/|\/run\/secrets\/|secretKeyRef|valueFrom)/i;

/** A connection string, which has another rule for the password in it. */
const connection = /^(?:host|server|data source|addr(?:ess)?|user id|username|database|port)=/i;

/** A call and nothing else: `getPassword()`. */
const call = /^(?:await\s+|new\s+)?[A-Za-z_$][\w.$>:-]*\([^)]*\)?[;,)]*$/;

/** Names a secret instead of being one: a template, a variable, a call, a place in a secret store. */
export const reference: Screen = {
  name: "reference",
  generic: false,
  objection({ secret }) {
    if (template.test(secret)) return isChanceAround(secret) ? grave("holds a template") : "is a template";
    if (variable.test(secret)) return "is a variable";
    if (lookup.test(secret)) return "is looked up when the program runs";
    if (address.test(secret)) return "is the address of a secret";
    if (connection.test(secret)) return "is a connection string";
    return call.test(secret) ? "is a call" : undefined;
  },
};

/** Code that goes on after what a generic pattern took for a value: `token = tokenizer.next(`. */
export const expression: Screen = {
  name: "expression",
  generic: true,
  objection({ secret, before, after }) {
    if (/["'`]$/.test(before) || !/^[A-Za-z_$]/.test(secret)) return undefined;
    return /^(?:\(|\[|\.\w|->|::|\s*\?\s|\s+(?:if|or|and|in|is|as|instanceof)\s)/.test(after)
      ? "is an expression"
      : undefined;
  },
};

import type { Reason, Rule } from "../terms.ts";

/** A kind of file, known by its path in lower case, and what standing there says of a match. */
interface Kind {
  readonly name: string;
  readonly pattern: RegExp;
  readonly weight: number;
}

/** Also what lines say that are too long to be written by hand. */
const BUILT = "minified or built";

/** Places where secrets are often made up. Only the strongest of them counts, or a test's fixture would pay twice. */
const doubtful: readonly Kind[] = [
  {
    name: "lock file",
    weight: -0.3,
    pattern:
      /(?:^|\/)(?:[\w.-]+[.-]lock(?:\.json|\.ya?ml|b)?|npm-shrinkwrap\.json|go\.sum|packages\.lock\.json|flake\.lock|cpanfile\.snapshot|[\w.-]*checksums?(?:\.txt)?|sha\d+sums?)$/,
  },
  {
    name: "translation",
    weight: -0.3,
    pattern:
      /(?:^|\/)(?:locales?|i18n|l10n|lang|translations?|langs|languages)\/|\.(?:po|pot|xlf|xliff|arb|strings)$|(?:^|\/)messages_[a-z]{2}(?:_[a-z]{2})?\.properties$/,
  },
  {
    name: "test",
    weight: -0.15,
    pattern:
      /(?:^|\/)(?:t|(?:[a-z0-9]+[-_])?tests?|specs?|__tests__|__mocks__|e2e|testing|test[-_]?data|testdata|unittests?|qa)\/|(?:^|[/._-])(?:test|spec)s?\.[a-z]{1,5}$|(?:^|\/)test_[\w-]+\.[a-z]{1,4}$|_(?:test|spec)\.[a-z]{1,4}$|tests?\.(?:java|kt|cs|scala|groovy|php|swift)$|(?:^|\/)conftest\.py$/,
  },
  {
    name: "fixture",
    weight: -0.2,
    pattern:
      /(?:^|\/)(?:fixtures?|__fixtures__|mocks?|stubs?|snapshots?|__snapshots__|cassettes|golden|dummy|fakes?|seeds?)\/|\.snap$/,
  },
  {
    name: "example",
    weight: -0.15,
    pattern:
      /(?:^|\/)(?:examples?|samples?|demos?|templates?|tutorials?|playground|boilerplates?|quickstarts?|sandbox)\/|[._-](?:examples?|sample|template|tmpl|tpl|dist|default|demo|skel)(?:\.[a-z]{1,5})?$/,
  },
  {
    name: "documentation",
    weight: -0.1,
    pattern:
      /(?:^|\/)(?:docs?|documentation|wiki|man|website|blog|_posts)\/|\.(?:md|mdx|rst|adoc|asciidoc|textile|pod|rdoc|[1-8]|texi)$|(?:^|\/)(?:readme|changelog|changes|history|news|contributing|authors|license)[\w.-]*$/,
  },
  {
    name: "vendored",
    weight: -0.15,
    pattern:
      /(?:^|\/)(?:vendor|vendors|third[-_]?party|node_modules|bower_components|site-packages|deps|external|externals|pods|carthage|godeps|webjars|\.yarn\/(?:releases|plugins|sdks|cache)|gradle\/wrapper)\/|(?:^|\/)\.pnp\.[cm]?js$/,
  },
  {
    name: BUILT,
    weight: -0.15,
    pattern:
      /\.min\.(?:js|css)$|\.(?:js|css)\.map$|[.-]bundle\.js$|(?:^|\/)(?:dist|build|out|target|\.next)\/.*\.(?:js|css|map)$/,
  },
  {
    name: "list of words",
    weight: -0.3,
    pattern: /(?:^|\/)(?:wordlists?|stopwords|dictionary|dictionaries|passwords?|rockyou)[\w.-]*\.(?:txt|lst|dic|csv)$/,
  },
];

/** A build runs in it for some minutes, closed to the outside: doors may stand open there. Secrets may not. */
const builds: Kind = {
  name: "continuous integration",
  weight: -0.15,
  pattern:
    /(?:^|\/)\.(?:github\/workflows|circleci|buildkite|woodpecker|semaphore|gitlab\/ci)\/|(?:^|\/)(?:\.travis|\.gitlab-ci|\.drone|\.appveyor|appveyor|bitbucket-pipelines|azure-pipelines|cloudbuild)[\w.-]*\.ya?ml$|(?:^|\/)docker-compose[.-](?:ci|test)[\w.-]*\.ya?ml$/,
};

/** Written by a program that puts whole files on a line. */
const packed = /\.(?:[cm]?js|css|map|html?|svg|json)$/;

/** Columns that nobody reaches by hand. */
const FAR = 1000;

/** Places where people put secrets that work. */
const telling: readonly Kind[] = [
  {
    name: "environment file",
    weight: 0.1,
    pattern:
      /(?:^|\/)\.env(?:\.(?:prod|production|staging|stage|live|local|development|dev))?$|(?:^|\/)(?:prod|production|staging|live)\.env$|(?:^|\/)\.envrc$/,
  },
  {
    name: "credential file",
    weight: 0.1,
    pattern:
      /(?:^|\/)(?:\.(?:npmrc|pypirc|netrc|pgpass|my\.cnf|git-credentials|dockercfg|s3cfg|boto|htpasswd|vault[-_]?pass\w*)|_netrc|credentials(?:\.[a-z]{2,5})?|secrets?\.(?:ya?ml|json|toml|properties|env|php|py|rb)|id_(?:rsa|dsa|ecdsa|ed25519)|[\w.-]+\.(?:ppk|ovpn|kdbx|tfstate|tfvars))$|(?:^|\/)\.(?:aws|ssh|docker|kube)\/(?:credentials|config|config\.json|id_\w+)$/,
  },
  {
    name: "configuration",
    weight: 0.05,
    pattern:
      /(?:^|\/)(?:config|conf|settings|deploy|deployment|ansible|group_vars|host_vars|terraform|helm|k8s|kubernetes|environments?)\/|(?:^|\/)(?:application|appsettings|web|app|settings|config|database|wp-config|docker-compose|values)[\w.-]*\.(?:ya?ml|json|properties|config|xml|php|py|toml|ini|conf|rb)$/,
  },
];

/** Files whose format wants no quotes around values. */
export const settings =
  /(?:^|\/)(?:\.?env(?:\.[\w-]+)*|[\w.-]+\.(?:env|properties|ini|cfg|conf|cnf|ya?ml|toml|tfvars|sh|bash|zsh|bat|cmd|ps1|service|reg|netrc|pgpass)|dockerfile[\w.-]*|[\w.-]+\.dockerfile|\.?(?:netrc|npmrc|pypirc|htpasswd|my\.cnf|s3cfg|envrc|bashrc|zshrc|profile))$/i;

/** What says little by itself says less at a doubtful place, which takes twice as much from it. */
const WEAK = 2;

/** What is judged beside the path. */
export interface Spot {
  /** Whether the rule alone says little, as generic ones do. */
  readonly weak: boolean;
  readonly kind: Rule["kind"];
  /** Where on its line the secret begins. */
  readonly column: number;
}

/**
 * What the path says of a match there: at most one reason against it, else at most one for it. Nothing for an empty
 * path.
 */
export function pathReasons(path: string, { weak, kind, column }: Spot): Reason[] {
  const lower = path.toLowerCase();
  const kinds = kind === "exposure" ? [...doubtful, builds] : doubtful;
  const against = kinds
    .filter((own) => own.pattern.test(lower) || (own.name === BUILT && column > FAR && packed.test(lower)))
    .reduce<Kind | undefined>(
      (worst, own) => (worst === undefined || own.weight < worst.weight ? own : worst),
      undefined,
    );
  if (against !== undefined) return [{ name: against.name, weight: against.weight * (weak ? WEAK : 1) }];
  const found = telling.find(({ pattern }) => pattern.test(lower));
  return found === undefined ? [] : [{ name: found.name, weight: found.weight }];
}

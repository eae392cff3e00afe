/**
 * Cloning, the only thing here that may use the network beside `fetch.ts`, and only because the user named an address.
 */
import { gitEnvironment } from "./environment.ts";
import { type RemoteOptions, remoteOf, unreachable } from "./remote.ts";

export interface CloneOptions extends RemoteOptions {
  /** `percent` counts within a stage: "remote" (the server counts), "receiving", "resolving". Some may be missed. */
  readonly onProgress?: (progress: { readonly stage: string; readonly percent: number }) => void;
}

/**
 * Mirrors the repository at `url` into `dir`, a folder that is empty or not there yet: every ref of every namespace
 * comes along. No hook runs and no submodule is fetched. Throws "usage.invalid" for what is no URL or uses a
 * transport that is not allowed, "git.failed" when git cannot clone, and the signal's reason.
 */
export async function clone(url: string, dir: string, options: CloneOptions = {}): Promise<void> {
  const { address, reach } = remoteOf(url, options);
  const { GIT_DIR: _nowhere, ...env } = gitEnvironment(undefined, reach);
  options.signal?.throwIfAborted();
  const { simpleGit } = await import("simple-git");
  const git = simpleGit({
    baseDir: "/",
    allowEnvironment: Object.keys(env).filter((name) => name.startsWith("GIT_")),
    unsafe: overrides,
    ...(options.signal && { abort: options.signal }),
    progress: ({ stage, progress }) => options.onProgress?.({ stage: stage.replace(/:$/, ""), percent: progress }),
  }).env(env);
  try {
    await git.clone(address, dir, ["--mirror"]);
  } catch (error) {
    options.signal?.throwIfAborted();
    throw unreachable("clone", address, error);
  }
}

/** simple-git guards against these keys whatever their value; all of ours switch something off. */
const overrides = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeDiffExternal: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
} as const;

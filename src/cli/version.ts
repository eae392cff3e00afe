declare const LEAKSWEEP_VERSION: string;

/** Version of leaksweep, which the build takes from package.json; "source" where nothing was built. */
export const version: string = typeof LEAKSWEEP_VERSION === "string" ? LEAKSWEEP_VERSION : "source";

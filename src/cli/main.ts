/** The entry of the bundle that `bin/leaksweep.js` loads. */
import { openIo } from "./io.ts";
import { main } from "./program.ts";

await main(openIo(process));

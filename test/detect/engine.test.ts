import { fastEngine } from "../../src/detect/engine/fast.ts";
import { plainEngine } from "../../src/detect/engine/plain.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import { engineContract } from "./engine.contract.ts";

const kernel = new Kernel();

engineContract("plain", plainEngine);
engineContract("fast", (rulepack, options) => fastEngine(rulepack, { kernel, ...options }));

import { plainEngine } from "../../src/detect/engine/plain.ts";
import { engineContract } from "./engine.contract.ts";

engineContract("plain", plainEngine);

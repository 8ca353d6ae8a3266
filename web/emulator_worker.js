// The script of the emulator's worker.

import { serveWorker } from "./emulator.js";

serveWorker(globalThis);

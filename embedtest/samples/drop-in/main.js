import { greet } from "./greet.js";

await greet();

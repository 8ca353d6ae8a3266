// Types of wasm_exec.js, Go's support code. Only pages without chat.js need it.

export {};

declare global {
  /** Runs a program that Go has compiled to WebAssembly. */
  class Go {
    /** The program's arguments, the name of the program first. */
    argv: string[];
    env: Record<string, string>;
    /** Called with the exit code. */
    exit: (code: number) => void;
    /** What the module imports. */
    readonly importObject: Record<string, Record<string, any>>;
    /** Starts the program. The promise is fulfilled when it ends, which the client's does not. */
    run(instance: object): Promise<void>;
  }
}

/** The part of WebAssembly's interface that the kernel needs; the types of Node 20 leave it out. */
declare namespace WebAssembly {
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  class Global {
    readonly value: number;
  }
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Instance {
    readonly exports: object;
    constructor(module: Module, imports: Readonly<Record<string, object>>);
  }
}

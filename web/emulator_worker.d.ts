// The script of the emulator's worker has no exports. Its address is the option workerURL of createEmulator.

export {};

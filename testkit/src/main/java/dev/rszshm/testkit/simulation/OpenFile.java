package dev.rszshm.testkit.simulation;

/** An open file description: what locks belong to. */
final class OpenFile {
  final SimulatedFile file;
  final SimulatedProcess process;
  final boolean writable;

  OpenFile(SimulatedFile file, SimulatedProcess process, boolean writable) {
    this.file = file;
    this.process = process;
    this.writable = writable;
  }

  /** Drops the locks, as the kernel does when the last descriptor is closed. */
  void dropLocks() {
    file.byteLocks.values().removeIf(holder -> holder == this);
    if (file.fileLock == this) {
      file.fileLock = null;
    }
  }
}

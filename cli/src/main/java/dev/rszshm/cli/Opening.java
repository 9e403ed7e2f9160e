package dev.rszshm.cli;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.time.Duration;

/** How the command attaches to heaps. */
final class Opening {
  private Opening() {}

  /**
   * Attaches for reading only: nothing is changed, nobody is recovered, no slot is taken. Files of
   * other users are read as well, since nothing of them is believed.
   */
  static Heap forReading(Path file) {
    return Heap.builder()
        .readOnly()
        .anyAddress()
        .foreignOwner()
        .readyTimeout(Duration.ZERO)
        .attach(file);
  }

  /** Attaches as a participant, whose name says which command it is. */
  static Heap forWriting(Path file, String command) {
    return Heap.builder()
        .anyAddress()
        .name("rszshm " + command)
        .readyTimeout(Duration.ZERO)
        .attach(file);
  }
}

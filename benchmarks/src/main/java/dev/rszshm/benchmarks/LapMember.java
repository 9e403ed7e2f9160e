package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;

/**
 * Who takes part in laps.
 *
 * @param heap shared by all members
 * @param directory for files that they share
 * @param area offset of what they share, zeros at first, on a cache line of its own
 * @param number from 0
 * @param operations of this member in a lap
 */
record LapMember(Heap heap, Path directory, long area, int number, int operations) {
  /** What is written by different members lies this far apart. */
  static final int LINES = 128;

  /** Offset of lines of their own in the area. */
  long lines(int index) {
    return area + (long) index * LINES;
  }

  /** Offset of what the link of that number has in the area, 0 or 1. */
  long link(int index) {
    return area + (long) index * MessageLink.LENGTH;
  }

  /** Offset of bytes to move, behind two links. */
  long bulk() {
    return link(2);
  }
}

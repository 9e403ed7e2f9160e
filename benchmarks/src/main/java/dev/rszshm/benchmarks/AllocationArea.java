package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;

/**
 * Where the words lie that members of the benchmark {@code allocator} share, in a root of the
 * allocator; each word that somebody writes is on cache lines of its own, as in allocation.cpp.
 */
final class AllocationArea {
  static final String ROOT = "benchmark";
  private static final int MOST_MEMBERS = LapBoard.MOST_MEMBERS;

  /** Cells of a ring. */
  static final int RING = 1024;

  /** Words through which members exchange blocks. */
  static final int EXCHANGES = 1000;

  /** Blocks that a member of larson has. */
  static final int LARSON_BLOCKS = 5000;

  private static final int LINES = 128;
  private static final int GIVEN = LapBoard.LENGTH;
  private static final int RINGS = GIVEN + MOST_MEMBERS * LINES;
  private static final int RING_LENGTH = 2 * LINES + RING * Long.BYTES;
  private static final int EXCHANGED = RINGS + MOST_MEMBERS / 2 * RING_LENGTH;
  private static final int LARSON = EXCHANGED + EXCHANGES * Long.BYTES;
  static final int LENGTH = LARSON + MOST_MEMBERS * LARSON_BLOCKS * Long.BYTES;

  final Heap heap;

  final LapBoard board;
  private final long start;

  AllocationArea(Heap heap, long start) {
    this.heap = heap;
    this.start = start;
    this.board = new LapBoard(heap, start);
  }

  /** The block that a member is given. */
  long given(int member) {
    return start + GIVEN + (long) member * LINES;
  }

  /** How many blocks were taken out of a ring. */
  long head(int ring) {
    return start + RINGS + (long) ring * RING_LENGTH;
  }

  /** How many blocks were put into a ring. */
  long tail(int ring) {
    return head(ring) + LINES;
  }

  /** The cell of the block of that number. */
  long cell(int ring, long number) {
    return tail(ring) + LINES + (number & RING - 1) * Long.BYTES;
  }

  long exchange(int index) {
    return start + EXCHANGED + (long) index * Long.BYTES;
  }

  /** The first word of an array of blocks of larson. */
  long larson(int array) {
    return start + LARSON + (long) array * LARSON_BLOCKS * Long.BYTES;
  }
}

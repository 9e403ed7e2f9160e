package dev.rszshm.cli.bench;

/**
 * Something that is measured.
 *
 * @param name its name on the command line
 * @param what what is done, in a few words
 * @param peer what of the JDK does the same in one JVM
 * @param reference the time of ours over that of the peer on the machine of docs/BENCHMARKS.md
 * @param setting makes the two loops
 */
public record Work(String name, String what, String peer, double reference, Setting setting) {
  /** Makes what is measured. */
  @FunctionalInterface
  interface Setting {
    /** Makes the loops, whose heap belongs to a bench. */
    Pair make(BenchHeap heap) throws Exception;
  }

  /**
   * The two loops.
   *
   * @param ours of the heap
   * @param peer of the JDK
   */
  record Pair(Loop ours, Loop peer) {}
}

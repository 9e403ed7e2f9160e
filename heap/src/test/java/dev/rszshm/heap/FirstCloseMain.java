package dev.rszshm.heap;

import java.nio.file.Path;

/** Closes the first heap of its JVM after code that uses it was compiled; nobody else runs. */
public final class FirstCloseMain {
  private static final int CALLS = 100_000;

  private FirstCloseMain() {}

  /**
   * Prints what an access to the closed heap does.
   *
   * @param args path of a heap to make
   */
  public static void main(String[] args) {
    Heap heap = Heap.builder().create(Path.of(args[0]));
    long offset = heap.dataOffset();
    for (int i = 0; i < CALLS; i++) {
      increment(heap, offset);
    }
    heap.close();
    try {
      increment(heap, offset);
      System.out.println("nothing");
    } catch (IllegalStateException closed) {
      System.out.println("closed");
    } finally {
      heap.remove();
    }
  }

  private static void increment(Heap heap, long offset) {
    heap.putLong(offset, heap.getLong(offset) + 1);
  }
}

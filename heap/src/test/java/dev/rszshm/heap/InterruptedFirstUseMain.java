package dev.rszshm.heap;

import java.nio.file.Path;

/** Uses a heap for the first time in a JVM, in a thread that has been interrupted. */
final class InterruptedFirstUseMain {
  private InterruptedFirstUseMain() {}

  public static void main(String[] arguments) {
    Thread.currentThread().interrupt();
    try (Heap heap = Heap.builder().create(Path.of(arguments[0]))) {
      if (heap.self().orElseThrow().process().startTime() == 0) {
        throw new AssertionError("the process does not know itself");
      }
      heap.remove();
    }
    System.out.println("interrupted still: " + Thread.interrupted());
  }
}

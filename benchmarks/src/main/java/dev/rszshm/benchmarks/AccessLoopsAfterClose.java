package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import org.openjdk.jmh.annotations.Setup;

/** The same loops in a JVM that has closed another heap before. */
public class AccessLoopsAfterClose extends AccessLoops {
  /** For JMH. */
  public AccessLoopsAfterClose() {}

  /** Closes a heap. */
  @Setup
  public void closeAnother() {
    Heap.builder().length(AccessTarget.LENGTH).createAnonymous().close();
  }
}

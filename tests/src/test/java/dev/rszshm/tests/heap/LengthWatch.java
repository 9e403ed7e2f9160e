package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.SimulatedProcess;

/**
 * What holds of the length of a heap at any time: it is one of whole pages, never falls, and stays
 * within span and file. An invariant of one run.
 */
final class LengthWatch implements ProcessBody {
  private static final int PAGE = 4096;

  private int descriptor = -1;
  private long least;

  @Override
  public void run(SimulatedProcess observer) {
    Heap heap = observer.heap();
    if (descriptor < 0) {
      descriptor = observer.calls().open(heap.path().toString(), false, true);
    }
    long length = heap.length();
    long file = observer.calls().status(descriptor).length();
    assertTrue(length >= least, () -> "the length fell from " + least + " to " + length);
    assertTrue(length <= file, () -> "the length is " + length + ", the file's is " + file);
    assertTrue(length <= heap.span(), () -> length + " is beyond the span");
    assertEquals(0, length % PAGE, "bytes beyond a page");
    least = length;
  }
}

package dev.rszshm.heap.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** A long wait for something in a heap. */
@Name("dev.rszshm.SlowWait")
@Label("Heap Wait")
@Category("Shared Heap")
@Description("A thread has slept for a lock, a message or anything else in a heap")
@Threshold("20 ms")
final class SlowWaitEvent extends HeapEvent {
  @Label("Offset")
  @Description("The offset of a word of what it waited for")
  long offset;

  @Label("Found")
  @Description("Whether the thread has got what it waited for")
  boolean found;
}

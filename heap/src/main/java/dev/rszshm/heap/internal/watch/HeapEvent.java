package dev.rszshm.heap.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import org.jspecify.annotations.Nullable;

/** What all events of heaps have. */
@Category({"Shared Heap"})
abstract class HeapEvent extends Event {
  @Label("Heap")
  @Description("The path of the heap")
  @Nullable String heap;
}

package dev.rszshm.heap.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A growth of a heap. */
@Name("dev.rszshm.Growth")
@Label("Heap Growth")
@Category("Shared Heap")
@Description("This process has grown a heap")
final class GrowthEvent extends HeapEvent {
  @Label("Length Before")
  @DataAmount
  long from;

  @Label("Length After")
  @DataAmount
  long to;
}

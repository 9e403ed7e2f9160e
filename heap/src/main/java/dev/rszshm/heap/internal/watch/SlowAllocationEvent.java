package dev.rszshm.heap.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Threshold;

/** An allocation that had to make room. */
@Name("dev.rszshm.SlowAllocation")
@Label("Slow Heap Allocation")
@Category("Shared Heap")
@Description("An allocation had to recover, trim or grow before there was room")
@Threshold("1 ms")
final class SlowAllocationEvent extends HeapEvent {
  @Label("Block Length")
  @DataAmount
  long length;

  @Label("Allocated")
  @Description("Whether there was room at last")
  boolean allocated;
}

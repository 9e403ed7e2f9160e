package dev.rszshm.heap.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A recovery of what the dead had. */
@Name("dev.rszshm.Recovery")
@Label("Heap Recovery")
@Category("Shared Heap")
@Description("This process has recovered what dead participants had of the allocator")
final class RecoveryEvent extends HeapEvent {
  @Label("Lanes")
  @Description("How many lanes were recovered: each thread that allocates or frees has one")
  int lanes;
}

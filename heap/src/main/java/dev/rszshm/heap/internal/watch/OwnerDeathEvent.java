package dev.rszshm.heap.internal.watch;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Label;
import jdk.jfr.Name;

/** A takeover of what a dead participant owned. */
@Name("dev.rszshm.OwnerDeath")
@Label("Heap Owner Death")
@Category("Shared Heap")
@Description("This process has taken over a lock, a permit or a count whose owner had died")
final class OwnerDeathEvent extends HeapEvent {
  @Label("Offset")
  @Description("The offset of the lock, the permit or the count")
  long offset;

  @Label("Tag")
  @Description("The tag of the dead participant")
  int tag;

  @Label("Process")
  @Description("The process of the dead participant, or 0 if it is not known any more")
  long pid;
}

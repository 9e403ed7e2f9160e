package dev.rszshm.allocator.internal.ownership;

import dev.rszshm.heap.Heap;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Lets whoever finds that a participant is dead have its lanes recovered: a lock does so before it
 * runs a repair, which then finds every slot as it is to be.
 */
public final class DeathNotice {
  /** However many allocators a process makes of a heap, one recovers. */
  private static final Set<Heap> REGISTERED =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private DeathNotice() {}

  public static void register(Heap heap, Recovery recovery) {
    if (REGISTERED.add(heap)) {
      heap.onDeath(dead -> recovery.run());
    }
  }
}

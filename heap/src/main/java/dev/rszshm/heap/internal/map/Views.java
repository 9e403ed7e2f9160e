package dev.rszshm.heap.internal.map;

import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The buffers over the content of a heap that somebody may still hold. The addresses of the heap
 * must outlive them. Noting one costs the same however many there are.
 */
final class Views {
  private final Set<Reference<ByteBuffer>> views = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<ByteBuffer> gone = new ReferenceQueue<>();

  void add(ByteBuffer buffer) {
    forget();
    views.add(new PhantomReference<>(buffer, gone));
  }

  boolean isEmpty() {
    forget();
    return views.isEmpty();
  }

  private void forget() {
    for (Reference<?> view = gone.poll(); view != null; view = gone.poll()) {
      views.remove(view);
    }
  }
}

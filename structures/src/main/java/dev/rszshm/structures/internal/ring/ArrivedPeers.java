package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.util.List;

/** The living participants at one end of a channel ({@link Peers}), for those who only look. */
public final class ArrivedPeers {
  private ArrivedPeers() {}

  /**
   * Returns them.
   *
   * @param counts offset of their counts
   */
  public static List<Participant> at(Heap heap, long counts) {
    return heap.participants().stream()
        .filter(peer -> hasArrived(heap, counts, peer) && heap.isAlive(peer.tag()))
        .toList();
  }

  private static boolean hasArrived(Heap heap, long counts, Participant peer) {
    long word = heap.getLongVolatile(counts + (long) peer.slot() * Long.BYTES);
    return (int) word != 0 && (int) (word >>> Integer.SIZE) == peer.tag();
  }
}

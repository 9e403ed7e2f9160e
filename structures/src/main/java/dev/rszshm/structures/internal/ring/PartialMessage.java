package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.spi.Memory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a process has of a message that it receives in parts. Parts go straight to the destination
 * of the call that received the first one; from the end of that call on they are kept in pieces,
 * until a call has the last one. It is guarded by its owner.
 */
final class PartialMessage {
  /** A message that is longer gets its array when all of it is there. */
  private static final int TRUSTED_TOTAL = 16 << 20;

  final long id;
  final long total;
  private final List<byte[]> pieces = new ArrayList<>();
  private long received;
  private int parts;
  private volatile @Nullable Thread thread;
  private @Nullable MessageDestination to;

  PartialMessage(long id, long total) {
    this.id = id;
    this.total = total;
  }

  int parts() {
    return parts;
  }

  long left() {
    return total - received;
  }

  /** Begins, in a call of a thread. */
  void begin(MessageDestination destination, Thread caller) {
    if (!destination.makesArray() || total <= TRUSTED_TOTAL) {
      destination.begin(total);
      to = destination;
      thread = caller;
    }
  }

  /** Whether a call of a thread is at it, and it goes to the destination of that call. */
  boolean isOf(Thread caller) {
    return thread == caller;
  }

  /** Whether a call is at it that is not the one of this thread and destination. */
  boolean isOfAnother(Thread caller, MessageDestination destination) {
    Thread owner = thread;
    return owner != null && (owner != caller || to != destination) && owner.isAlive();
  }

  /** Keeps what was received when the call ends. */
  void keep() {
    if (to != null) {
      if (pieces.isEmpty()) { // otherwise they have it all
        to.copyTo(pieces, received);
      }
      to = null;
      thread = null;
    }
  }

  /** Brings what was kept to the destination of the call that has the last part. */
  void finish(MessageDestination destination) {
    if (to == null) {
      destination.begin(total);
      long at = 0;
      for (byte[] piece : pieces) {
        destination.put(at, piece);
        at += piece.length;
      }
      to = destination;
      thread = Thread.currentThread();
    }
  }

  /** Copies the bytes of the next part. */
  void put(Memory memory, long from, int size) {
    if (to != null) {
      to.put(received, from, size);
    } else {
      byte[] piece = new byte[size];
      memory.copyOut(from, piece, 0, size);
      pieces.add(piece);
    }
  }

  /** Counts the part that was copied. */
  void advance(int size) {
    received += size;
    parts++;
  }
}

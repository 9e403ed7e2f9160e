package dev.rszshm.structures.channel;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.memory.Memory;
import dev.rszshm.heap.sync.FastMutex;
import dev.rszshm.structures.channel.Patience.Outcome;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/*
 * Receives messages that were sent in parts (PartSender).
 *
 * Layout
 * ------
 * RingLayout: a lock. Private: messages of others that came between the parts, in order.
 *
 * Protocol
 * --------
 * 1 take the lock: nobody else receives parts;
 * 2 a part at the head that is not the first of its message: its beginning was received by somebody who
 *   died or did not want the rest. Receive it, and drop it;
 * 3 the first part: is there room for the whole message? If not it stays. Copy the part, receive it;
 * 4 and the others, as they come. A whole message of somebody else in between is received too, and
 *   kept for the next call;
 * 5 give the lock back, and wake the others who wait for messages.
 * At 4, with no message left: if the identity that senders write down is, or was just before, another,
 * or its participant dead, there will be no more parts. Drop what there is. A first part of another
 * message says the same.
 *
 * If a process dies here
 * ----------------------
 * The message dies with it, as one does that was received just before a death. The next one takes the
 * lock from the dead, and drops the rest at 2.
 */
final class PartReceiver {
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final Patience patience;
  private final FastMutex lock;
  private final long identity;
  private final int most;
  private final Queue<byte[]> kept = new ConcurrentLinkedQueue<>();

  /** A message that is being received; of one call. */
  private static final class Assembly {
    final Destination to;
    final long id;
    final long total;
    long received;
    int parts;

    Assembly(Destination to, long id, long total) {
      this.to = to;
      this.id = id;
      this.total = total;
    }
  }

  PartReceiver(Ring ring, long offset, Patience patience) {
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = heap.memory();
    this.patience = patience;
    this.lock = FastMutex.at(heap, offset + RingLayout.RECEIVE_PARTS_LOCK);
    this.lock.onOwnerDied(() -> {});
    this.identity = offset + RingLayout.PARTS_IDENTITY;
    this.most = ring.geometry.longest() - PartLayout.BYTES;
  }

  /** Whether messages came between parts that no call has got yet. */
  boolean hasKept() {
    return !kept.isEmpty();
  }

  byte[] peekKept() {
    return kept.peek();
  }

  /** Takes the first of the messages that came between parts, if it is the one that was seen. */
  boolean takeKept(byte[] seen) {
    return kept.remove(seen);
  }

  /** Whether nobody else receives a message in parts at this moment. */
  boolean canReceive() {
    boolean can = lock.tryLock();
    if (can) {
      lock.unlock();
    }
    return can;
  }

  /**
   * Receives the message that begins with the part at the head.
   *
   * @return {@link Outcome#DONE}; or {@link Outcome#NOT_YET} if there is none, or another receives
   *     it
   */
  Outcome receive(Destination to) {
    if (!lock.tryLock()) {
      return Outcome.NOT_YET;
    }
    boolean received = false;
    try {
      Assembly assembly = begin(to);
      received = assembly != null && complete(assembly);
    } finally {
      lock.unlock();
      ring.notEmpty.signalAll();
    }
    return received ? Outcome.DONE : Outcome.BUSY;
  }

  /** Receives the first part of a message; null if there is none at the head. */
  private Assembly begin(Destination to) {
    while (true) {
      long position = ring.head();
      long header = ring.header(position);
      if (!ring.isPart(position, header) || ring.head() != position) {
        return null;
      }
      // Only who has the lock receives parts, so this one stays.
      long part = ring.payload(position);
      long total = memory.getLong(part + PartLayout.TOTAL);
      if (memory.getInt(part + PartLayout.INDEX) != 0) {
        ring.consume(position, header);
        continue;
      }
      Assembly assembly = new Assembly(to, memory.getLong(part + PartLayout.IDENTITY), total);
      if (!to.hasRoomFor(total)) {
        throw to.tooLong(total);
      }
      String damage = damage(assembly, part, Header.length(header));
      if (damage == null) {
        to.begin(total);
      }
      accept(assembly, position, header, damage);
      return assembly;
    }
  }

  private boolean complete(Assembly assembly) {
    while (assembly.received < assembly.total) {
      int before = assembly.parts;
      Outcome outcome = patience.awaitSurely(ring.notEmpty, () -> more(assembly));
      if (outcome == Outcome.CLOSED || assembly.parts == before) {
        return false;
      }
    }
    return true;
  }

  /** Looks for the next part; done without one if there will be no more. */
  private Outcome more(Assembly assembly) {
    long sending = heap.getLongVolatile(identity);
    boolean over = sending != assembly.id;
    while (true) {
      long position = ring.head();
      long header = ring.header(position);
      if (ring.isPart(position, header)) {
        return next(assembly, position, header);
      }
      if (ring.isMessage(position, header)) {
        keep(position, header);
        continue;
      }
      long further = ring.pass(position, header);
      if (further == Ring.CLOSED) {
        return Outcome.CLOSED;
      }
      if (further == Ring.BUSY) {
        return Outcome.BUSY;
      }
      if (further == Ring.NONE) {
        if (over) {
          return Outcome.DONE;
        }
        if (heap.isAlive(PartLayout.tag(assembly.id))) {
          return Outcome.NOT_YET;
        }
        over = true; // and look once more: its last part may have come meanwhile
      }
    }
  }

  private Outcome next(Assembly assembly, long position, long header) {
    long part = ring.payload(position);
    if (memory.getLong(part + PartLayout.IDENTITY) != assembly.id) {
      return Outcome.DONE;
    }
    accept(assembly, position, header, damage(assembly, part, Header.length(header)));
    return Outcome.DONE;
  }

  /** Receives a part that is as it must be; one that is not is dropped. */
  private void accept(Assembly assembly, long position, long header, String damage) {
    if (damage != null) {
      ring.consume(position, header);
      throw new DamagedChannelException(
          "part "
              + assembly.parts
              + " of a message in "
              + ring
              + " is damaged: "
              + damage
              + ". The message is dropped");
    }
    int size = Header.length(header) - PartLayout.BYTES;
    assembly.to.put(assembly.received, ring.payload(position) + PartLayout.BYTES, size);
    ring.consume(position, header);
    assembly.received += size;
    assembly.parts++;
  }

  /** What is wrong with a part; null if nothing is. */
  private String damage(Assembly assembly, long part, int recordLength) {
    long total = memory.getLong(part + PartLayout.TOTAL);
    int index = memory.getInt(part + PartLayout.INDEX);
    int size = memory.getInt(part + PartLayout.LENGTH);
    long left = assembly.total - assembly.received;
    if (index != assembly.parts) {
      return "found index " + index + ", expected " + assembly.parts;
    }
    if (total != assembly.total || total <= 0) {
      return "found a total of " + total + " bytes, expected " + Math.max(1, assembly.total);
    }
    if (size != Math.min(left, most) || size != recordLength - PartLayout.BYTES) {
      return "found "
          + size
          + " bytes in a record of "
          + recordLength
          + ", expected "
          + Math.min(left, most);
    }
    return null;
  }

  private void keep(long position, long header) {
    byte[] message = new byte[Header.length(header)];
    memory.copyOut(ring.payload(position), message, 0, message.length);
    if (ring.consume(position, header)) {
      kept.add(message);
    }
  }
}

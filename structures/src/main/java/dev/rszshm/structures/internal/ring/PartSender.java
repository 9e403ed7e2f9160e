package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.FastMutex;
import dev.rszshm.sync.internal.WaitMode;
import java.io.IOException;
import java.time.Duration;

/*
 * Sends messages that do not go in one piece.
 *
 * Layout
 * ------
 * RingLayout: a lock, the identity of the message that is being sent, and a running number. Each part is
 * a message of the ring with the state PART, whose payload begins as PartLayout says.
 *
 * Protocol
 * --------
 * 1 take the lock: parts of one message are not mixed with those of another;
 * 2 write the identity down: participant and running number;
 * 3 send the parts, in order, as room comes; messages of others may come between them;
 * 4 identity 0; 5 give the lock back.
 * Whoever must stop before the last part goes to 4.
 *
 * If a process dies here
 * ----------------------
 * 2-4: the receiver finds no further part, and the identity to be another or its participant dead: it
 * drops what it has (PartReceiver). The next sender takes the lock from the dead. There is nothing to
 * repair: 2 overwrites the identity.
 */
public final class PartSender {
  private final Ring ring;
  private final Heap heap;
  private final Memory memory;
  private final PartReceiver debris;
  private final FastMutex lock;
  private final long identity;
  private final long sequence;
  private final int most;

  public PartSender(Ring ring, long offset, PartReceiver debris) {
    this.debris = debris;
    this.ring = ring;
    this.heap = ring.heap;
    this.memory = RawAccess.of(heap, PartSender.class);
    this.lock = FastMutex.at(heap, offset + RingLayout.SEND_PARTS_LOCK);
    this.lock.onOwnerDied(() -> {});
    this.identity = offset + RingLayout.PARTS_IDENTITY;
    this.sequence = offset + RingLayout.PARTS_SEQUENCE;
    this.most = ring.geometry.longest() - PartLayout.BYTES;
  }

  /** Bytes of the ring that the parts of a message take, the padding not counted. */
  public long granulesFor(long total) {
    return ((total + most - 1) / most) * ring.geometry.granulesFor(ring.geometry.longest());
  }

  /**
   * Sends a message.
   *
   * @return {@link Outcome#DONE}, {@link Outcome#SHUTDOWN}, or what else it was when the deadline
   *     passed: then nobody gets any of it
   */
  public Outcome send(MessageSource source, WaitMode mode, OtherEnd receivers) throws IOException {
    Outcome outcome = acquire(mode);
    if (outcome != Outcome.DONE) {
      return outcome;
    }
    try {
      outcome = sendParts(source, mode, receivers);
    } catch (Throwable thrown) {
      try {
        end(false);
      } catch (RuntimeException also) {
        thrown.addSuppressed(also);
      }
      throw thrown;
    }
    end(outcome == Outcome.DONE);
    return outcome;
  }

  private void end(boolean sent) {
    if (heap.isOpen()) {
      try {
        heap.putLongVolatile(identity, 0);
      } finally {
        lock.unlock();
      }
      while (!sent && dropDebris()) {
        // what nobody will receive makes room
      }
      ring.notEmpty.signalAll();
    }
  }

  /**
   * Drops a part at the head whose message was given up by its sender, if it is the first one.
   *
   * @return whether the head has moved
   */
  public boolean dropDebris() {
    if (!ring.mayMoveHead()) {
      return false;
    }
    long position = ring.head();
    long header = ring.header(position);
    return ring.isPart(position, header) && debris.look(position, header) == Outcome.BUSY;
  }

  private Outcome acquire(WaitMode mode) {
    boolean interruptible = mode.uninterruptibly() != mode;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          Acquisition acquisition = lock.tryAcquire(Duration.ofNanos(mode.remainingNanos()));
          if (acquisition == Acquisition.OWNER_DIED) {
            lock.markConsistent();
          }
          return acquisition == Acquisition.NOT_ACQUIRED ? Outcome.NOT_YET : Outcome.DONE;
        } catch (InterruptedException e) {
          if (interruptible) {
            return Outcome.INTERRUPTED;
          }
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Outcome sendParts(MessageSource source, WaitMode mode, OtherEnd receivers)
      throws IOException {
    long id = PartLayout.identity(ring.tag(), heap.getAndAddLong(sequence, 1));
    heap.putLongVolatile(identity, id);
    long total = source.length();
    byte[] buffer = {};
    int index = 0;
    for (long at = 0; at < total; index++) {
      int size = (int) Math.min(most, total - at);
      buffer = source.prepare(buffer, size);
      int number = index;
      long from = at;
      byte[] bytes = buffer;
      RingClaims.Content content =
          part -> {
            memory.putLong(part + PartLayout.IDENTITY, id);
            memory.putLong(part + PartLayout.TOTAL, total);
            memory.putInt(part + PartLayout.INDEX, number);
            memory.putInt(part + PartLayout.LENGTH, size);
            source.copy(bytes, from, part + PartLayout.BYTES, size);
          };
      Outcome outcome =
          RingWaiting.await(
              heap,
              ring.notFull,
              () ->
                  Outcome.of(
                      put(PartLayout.BYTES + size, Header.PART, content, RingClaims.Wake.ALL)),
              mode,
              receivers);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
      at += size;
    }
    return Outcome.DONE;
  }

  /** Sends as {@link RingClaims#send} does, also where a part that was given up is in the way. */
  public long put(int length, int state, RingClaims.Content content, RingClaims.Wake wake) {
    ring.enter();
    long position = ring.claims.send(length, state, content, wake);
    return position == Ring.NONE && dropDebris()
        ? ring.claims.send(length, state, content, wake)
        : position;
  }
}

package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.DamagedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What is in a ring, word for word, for those who look and change nothing: whether it can be so,
 * and the messages themselves. Others go on meanwhile. So a finding may be nothing but a look at
 * two words at two times; who wants to be sure looks again.
 */
public final class RingContents {
  private static final int TRIES = 100;

  /** Nobody stands still for so many laps, of which headers tell 2^33 from one another. */
  private static final long MOST_LAPS = 1L << 32;

  private final RingView ring;
  private final Heap heap;
  private final RingGeometry geometry;
  private final List<String> findings = new ArrayList<>();

  /** The contents of a ring. */
  public RingContents(RingView ring) {
    this.ring = ring;
    this.heap = ring.heap;
    this.geometry = ring.geometry;
  }

  private void find(String format, Object... values) {
    findings.add(String.format(Locale.ROOT, format, values));
  }

  /** Returns what cannot be so; empty if nothing is wrong. */
  public List<String> check() {
    checkField(RingLayout.INDEX_BITS, "bits of an index", geometry.indexBits(), Integer.BYTES);
    checkField(RingLayout.GRANULES, "granules", geometry.granules(), Long.BYTES);
    checkField(RingLayout.PAYLOAD_STRIDE, "bytes a granule", geometry.payloadStride(), Long.BYTES);
    checkField(RingLayout.HEADER_STRIDE, "bytes a header", geometry.headerStride(), Long.BYTES);
    checkField(RingLayout.FIRST_HEADER, "the first header", geometry.headers(), Long.BYTES);
    checkField(RingLayout.FIRST_PAYLOAD, "the first payload", geometry.payloads(), Long.BYTES);
    findings.addAll(new SingleEnds(ring).check());
    long tail = ring.tail();
    long head = ring.read(RingLayout.HEAD);
    if (!isPosition(head)) {
      find("its head is at 0x%x, which is no position", head);
    } else if (!isPosition(tail)) {
      find("its tail is at 0x%x, which is no position", tail);
    } else if (Math.abs(geometry.lap(head) - geometry.lap(tail)) > MOST_LAPS) {
      find("its head is at position 0x%x, its tail at 0x%x: too far from one another", head, tail);
    } else if (!isReached(head)) {
      find("its head is at position 0x%x, and the messages before it do not lead there", head);
    } else {
      checkChain(head, tail);
    }
    return List.copyOf(findings);
  }

  private boolean isPosition(long position) {
    return ring.isPosition(position) && position >= geometry.first();
  }

  /**
   * Whether the messages of a lap, of which the first begins with the lap, lead to a position.
   * Where senders have begun with the next lap, they have been there.
   */
  private boolean isReached(long head) {
    long lap = geometry.lap(head) - (geometry.index(head) == 0 ? 1 : 0);
    if (lap == 0) {
      return true; // nothing was received yet
    }
    long position = lap << geometry.indexBits();
    try {
      for (int i = 0; i < ring.granules && position < head; i++) {
        long header = ring.header(position);
        if (Header.isOfLap(header, lap + 1) || Header.isClaimedIn(header, lap + 1)) {
          return true;
        }
        if (!Header.isOfLap(header, lap)) {
          return false;
        }
        position = ring.behind(position, header);
      }
      return position == head;
    } catch (DamagedChannelException e) {
      return false;
    }
  }

  private void checkField(int field, String what, long expected, int bytes) {
    long at = ring.offset + field;
    long found = bytes == Integer.BYTES ? heap.getIntAcquire(at) : heap.getLongAcquire(at);
    if (found != expected) {
      find("it says %d for %s, expected %d", found, what, expected);
    }
  }

  private void checkChain(long head, long tail) {
    long position = head;
    try {
      for (int i = 0; i < ring.granules; i++) {
        long header = ring.header(position);
        if (ring.isShutdownAt(position, header)) {
          if (geometry.hasSingleSender() && !ring.isShutdown()) {
            find("its messages end for good at position 0x%x, and it is not shut down", position);
          }
          return;
        }
        if (!ring.isSettled(position, header) && !ring.isClaimed(position, header)) {
          break;
        }
        if (ring.isMessage(position, header) || ring.isPart(position, header)) {
          ring.length(position, header);
        }
        position = ring.behind(position, header);
      }
    } catch (DamagedChannelException e) {
      findings.add(e.getMessage());
      return;
    }
    long header = ring.header(position);
    if (header != 0
        && !Header.isClaimed(header)
        && !Header.isSurelyOlder(header, geometry.lap(position))
        && position < geometry.windowEnd(head)) {
      find("at position 0x%x there is 0x%x, which has no place there", position, header);
    }
    long reached = Math.max(position, ring.head());
    if (reached < tail) {
      find(
          "its messages end at position 0x%x, and 0x%x is said to be claimed: those between are"
              + " lost",
          position, tail);
    }
  }

  /** Copies the messages from the head on that are complete, up to a number of them. */
  public List<byte[]> messages(int most) {
    List<byte[]> copies = new ArrayList<>();
    long position = ring.head();
    for (int i = 0; i < ring.granules && copies.size() < most; i++) {
      long header = ring.header(position);
      boolean whole = ring.isMessage(position, header);
      if (!ring.isSettled(position, header) && !ring.isClaimed(position, header)) {
        break;
      }
      if (whole) {
        byte[] copy = copy(position, header);
        if (copy != null) {
          copies.add(copy);
        }
      }
      position = ring.behind(position, header);
    }
    return copies;
  }

  /** Copies a message; null if it was received meanwhile. */
  private byte @Nullable [] copy(long position, long header) {
    byte[] copy = new byte[ring.length(position, header)];
    long payload = geometry.payloads() + ring.index(position) * geometry.payloadStride();
    for (int i = 0; i < TRIES; i++) {
      heap.getArray(ring.offset + payload, copy, 0, copy.length);
      long after = ring.header(position);
      if (after == header) {
        return ring.head() <= position ? copy : null;
      }
      if (!ring.isMessage(position, after)) {
        return null;
      }
    }
    return null;
  }
}

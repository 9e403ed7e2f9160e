package dev.rszshm.closing;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Region;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Works on a heap without pause until it is closed. It lives outside of the heap's packages, as the
 * code of users does: a thread with a frame of those packages on its stack counts as being inside
 * an access.
 */
public final class HeapHammer implements Runnable {
  /** What a hammer does. */
  public enum Kind {
    GET,
    PUT,
    ATOMIC,
    BULK
  }

  private static final int ROOM = 64 << 10;

  private final Heap heap;
  private final Kind kind;
  private final byte mark;
  private final CountDownLatch working;
  private volatile Throwable end;

  /**
   * Prepares to work.
   *
   * @param mark the byte to write, which nobody else writes
   */
  public HeapHammer(Heap heap, Kind kind, byte mark, CountDownLatch working) {
    this.heap = heap;
    this.kind = kind;
    this.mark = mark;
    this.working = working;
  }

  /** Bytes of content that are written to. */
  public static int room() {
    return ROOM;
  }

  @Override
  public void run() {
    long first = heap.dataOffset();
    Region region = heap.region(first, ROOM);
    byte[] bytes = new byte[ROOM];
    long marks = mark * 0x0101_0101_0101_0101L;
    working.countDown();
    try {
      for (int i = 0; ; i = (i + 8) & (ROOM - 8)) {
        switch (kind) {
          case GET -> heap.getLong(first + i);
          case PUT -> {
            heap.putLong(first + i, marks);
            region.putByte(i, mark);
          }
          case ATOMIC -> {
            region.compareAndSetLong(i, 0, marks);
            heap.getAndSetInt(first + i, (int) marks);
          }
          case BULK -> {
            heap.fill(first, ROOM, mark);
            region.getArray(0, bytes, 0, ROOM);
            region.putBytes(0, bytes);
            region.copy(0, ROOM / 2, ROOM / 2);
          }
        }
      }
    } catch (Throwable e) {
      end = e;
    }
  }

  /** What ended the work. */
  public Throwable end() {
    return end;
  }

  /** One hammer of each kind. */
  public static List<HeapHammer> all(Heap heap, byte mark, CountDownLatch working) {
    return List.of(Kind.values()).stream()
        .map(k -> new HeapHammer(heap, k, mark, working))
        .toList();
  }
}

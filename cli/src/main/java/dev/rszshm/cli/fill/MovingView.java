package dev.rszshm.cli.fill;

import dev.rszshm.heap.Heap;
import java.nio.ByteBuffer;

/**
 * A view of the bytes to fill that follows a worker as it comes forward: from the place that was
 * asked for last to the end of what the process has mapped.
 *
 * <p>Behind an atomic claim, an access through the heap reads the heap's end anew, since it may
 * move: a nanosecond for each claimed byte. A view is checked against its own limit, which stays.
 * And a file can be read straight into it.
 *
 * <p>For one thread.
 */
public final class MovingView {
  /** Longest part that can be asked for. */
  static final int PIECE_LENGTH = 1 << 20;

  private static final long VIEW_LENGTH = 1 << 30;

  private final Heap heap;
  private final long firstOffset;
  private ByteBuffer view = ByteBuffer.allocate(0);
  private long start;

  MovingView(Heap heap) {
    this.heap = heap;
    this.firstOffset = FillLayout.of(heap).offset(0);
  }

  /**
   * Makes sure that bytes are in view, growing the heap if need be.
   *
   * @return where they begin in {@link #view}
   */
  int show(long index, int length) {
    long place = index - start;
    if (place < 0 || place > view.capacity() - length) {
      move(index, length);
      return 0;
    }
    return (int) place;
  }

  private void move(long index, int length) {
    long offset = firstOffset + index;
    long mapped = heap.ensure(offset + length);
    view = heap.asByteBuffer(offset, (int) Math.min(mapped - offset, VIEW_LENGTH));
    start = index;
  }

  /** What is in view: the heap's bytes, little-endian. */
  ByteBuffer view() {
    return view;
  }
}

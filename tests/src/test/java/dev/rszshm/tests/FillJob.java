package dev.rszshm.tests;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.process.WorkerContext;
import dev.rszshm.testkit.process.WorkerJob;
import java.nio.file.Path;

/**
 * A Java worker of the cooperative fill of docs/FORMAT.md section 4. Arguments: path and letter,
 * and for a plain file total and claim. Says "ready", waits for a line, says letter and count.
 */
public final class FillJob implements WorkerJob {
  private static final int TOTAL = 128;
  private static final int CLAIM = 136;
  private static final int BYTES = 256;
  private static final int PLAIN_BYTES = 4;

  /** Writes the plan of a fill into a heap. */
  static void plan(Heap heap, long total, long claim) {
    heap.ensure(heap.dataOffset() + BYTES);
    heap.putLong(heap.dataOffset() + TOTAL, total);
    heap.putLongRelease(heap.dataOffset() + CLAIM, claim);
  }

  /** The offset of the first byte to fill. */
  static long first(Heap heap) {
    return heap.dataOffset() + (heap.isPlain() ? PLAIN_BYTES : BYTES);
  }

  @Override
  public void run(WorkerContext worker) throws Exception {
    byte letter = (byte) worker.argument(1).charAt(0);
    try (Heap heap = Heap.attach(Path.of(worker.argument(0)))) {
      boolean plain = heap.isPlain();
      long data = heap.dataOffset();
      long total = plain ? Long.parseLong(worker.argument(2)) : heap.getLong(data + TOTAL);
      long claim = plain ? Long.parseLong(worker.argument(3)) : heap.getLong(data + CLAIM);
      worker.say("ready");
      worker.hear();
      long count = 0;
      long index = next(heap, claim);
      while (index < total) {
        long end = Math.min(index + claim, total);
        heap.ensure(first(heap) + end);
        for (long offset = first(heap) + index; offset < first(heap) + end; offset++) {
          if (heap.getByte(offset) != 0) {
            throw new IllegalStateException("byte at " + offset + " was claimed twice");
          }
          heap.putByte(offset, letter);
          count++;
        }
        index = next(heap, claim);
      }
      worker.say((char) letter + " " + count);
    }
  }

  private static long next(Heap heap, long claim) {
    return heap.isPlain()
        ? Integer.toUnsignedLong(heap.getAndAddInt(heap.dataOffset(), (int) claim))
        : heap.getAndAddLong(heap.dataOffset(), claim);
  }
}

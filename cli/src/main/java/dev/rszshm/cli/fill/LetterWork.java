package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.os.SystemCalls;

/** Writes one letter everywhere, and makes sure that nobody has been there before. */
final class LetterWork implements Work {
  private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

  private final Heap heap;
  private final FillLayout layout;
  private final byte letter;
  private final SystemCalls busy;

  /**
   * Makes the work of one worker.
   *
   * @param letter what to write
   * @param busy whom to call once for each byte; null: nobody
   */
  LetterWork(Heap heap, char letter, SystemCalls busy) {
    this.heap = heap;
    this.layout = FillLayout.of(heap);
    this.letter = (byte) letter;
    this.busy = busy;
  }

  @Override
  public void write(long index, long length) {
    long offset = layout.offset(index);
    long end = offset + length;
    heap.ensure(end);
    if (busy == null) {
      offset = writeWords(offset, end);
    }
    while (offset < end) {
      byte found = heap.getByte(offset);
      if (found != 0) {
        throw writtenTwice(offset, found);
      }
      heap.putByte(offset, letter);
      offset++;
      if (busy != null) {
        busy.signalNobody();
      }
    }
  }

  /** Writes eight bytes at a time; returns the offset of the first that is left. */
  private long writeWords(long start, long end) {
    long word = letter * EVERY_BYTE;
    long offset = start;
    while (end - offset >= Long.BYTES && heap.getLong(offset) == 0) {
      heap.putLong(offset, word);
      offset += Long.BYTES;
    }
    return offset;
  }

  private CommandException writtenTwice(long offset, byte found) {
    return CommandException.failed(
        "written-twice",
        String.format(
            "the byte at index %d holds 0x%02x before worker %c writes it, expected 0: somebody else"
                + " has written it",
            offset - layout.offset(0), found, (char) letter));
  }
}

package dev.rszshm.cli.fill;

import dev.rszshm.cli.CommandException;
import dev.rszshm.heap.Heap;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes one letter everywhere, and makes sure that nobody has been there before. */
final class LetterWork implements Work {
  private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

  private final MovingView view;
  private final byte letter;
  private final @Nullable IdleSystemCall busy;

  /**
   * Makes the work of one worker.
   *
   * @param letter what to write
   * @param busy what to call once for each byte; null: nothing
   */
  LetterWork(Heap heap, char letter, @Nullable IdleSystemCall busy) {
    this.view = new MovingView(heap);
    this.letter = (byte) letter;
    this.busy = busy;
  }

  /** Whether it makes system calls. */
  boolean isBusy() {
    return busy != null;
  }

  @Override
  public void write(long index, long length) {
    for (long done = 0; done < length; done += MovingView.PIECE_LENGTH) {
      writePiece(index + done, (int) Math.min(MovingView.PIECE_LENGTH, length - done));
    }
  }

  /**
   * Claims and writes single bytes until all are claimed; returns how many it wrote.
   *
   * <p>Each claim is a fence, after which fields are read anew, one after the other. This loop has
   * all it needs in local variables.
   */
  long claimAndWriteSingly(Heap heap, long total) {
    FillLayout layout = FillLayout.of(heap);
    ByteBuffer bytes = view.view();
    long start = 0;
    long written = 0;
    long index = layout.claim(heap, 1);
    while (index < total) {
      if (index - start >= bytes.capacity()) {
        start = index - view.show(index, 1);
        bytes = view.view();
      }
      writeByte(bytes, (int) (index - start), index);
      written++;
      index = layout.claim(heap, 1);
    }
    return written;
  }

  private void writePiece(long index, int length) {
    int start = view.show(index, length);
    int end = start + length;
    ByteBuffer bytes = view.view();
    int place = busy == null ? writeWords(bytes, start, end) : start;
    while (place < end) {
      writeByte(bytes, place, index + place - start);
      place++;
      if (busy != null) {
        busy.make();
      }
    }
  }

  private void writeByte(ByteBuffer bytes, int place, long index) {
    byte found = bytes.get(place);
    if (found != 0) {
      throw writtenTwice(index, found);
    }
    bytes.put(place, letter);
  }

  /** Writes eight bytes at a time; returns the place of the first byte that is left. */
  private int writeWords(ByteBuffer bytes, int start, int end) {
    long word = letter * EVERY_BYTE;
    int place = start;
    while (end - place >= Long.BYTES && bytes.getLong(place) == 0) {
      bytes.putLong(place, word);
      place += Long.BYTES;
    }
    return place;
  }

  private CommandException writtenTwice(long index, byte found) {
    return CommandException.failed(
        "written-twice",
        String.format(
            Locale.ROOT,
            "the byte at index %d holds 0x%02x before worker %c writes it, expected 0: somebody else"
                + " has written it",
            index,
            found,
            (char) letter));
  }
}

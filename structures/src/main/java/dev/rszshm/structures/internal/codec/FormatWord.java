package dev.rszshm.structures.internal.codec;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.CodecFormat;
import java.util.Locale;
import java.util.Optional;

/**
 * The word of a structure that says in which format its keys, values, elements or entries are.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    4 id of the codec
 *      4    4 version of the codec, from 1 up; 0 as long as nobody has written a format
 * </pre>
 */
public final class FormatWord {
  /** What is there before anybody has written a format. */
  static final long NONE = 0;

  private static final int VERSION_SHIFT = 32;
  private static final long ID_MASK = 0xffff_ffffL;

  private FormatWord() {}

  /** Returns the word for a format. */
  public static long of(CodecFormat format) {
    return (long) format.version() << VERSION_SHIFT | (format.id() & ID_MASK);
  }

  /** Returns what is wrong with the word of a structure that is there; empty if nothing is. */
  public static Optional<String> damage(Heap heap, long word) {
    long found = heap.getLongAcquire(word);
    return format(found).version() > 0
        ? Optional.empty()
        : Optional.of(String.format(Locale.ROOT, "0x%x is no format of a codec", found));
  }

  /** Returns what a word says; version 0 if nobody has written it, or another if it is damaged. */
  public static CodecFormat format(long word) {
    return new CodecFormat((int) word, (int) (word >>> VERSION_SHIFT));
  }
}

package dev.rszshm.structures.internal.ring;

import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Kind;
import dev.rszshm.structures.channel.ChannelSpec.Width;

/**
 * The word of {@link RingLayout} that says what channel there is.
 *
 * <pre>
 * BITS    DESCRIPTION
 * 61-63   kind of the messages: 1 empty, 2 fixed, 3 variable, 4 a stream; with a single receiver
 *         the same with bit 63 the other way round: 5, 6, 7, 0
 * 60      whether receivers acknowledge messages
 * 32-59   their length, or the greatest; 0 if there is none
 * 31      whether there is a single sender
 *  0-30   depth; of a stream, room in granules of 64 bytes
 * </pre>
 */
final class SpecificationLayout {
  private static final int KIND_SHIFT = 61;
  private static final int WIDTH_MASK = (1 << 28) - 1;
  private static final long UNITS_MASK = (1L << 31) - 1;
  private static final int STREAM_CODE = 4;
  private static final long ACKNOWLEDGED = 1L << 60;
  private static final long SINGLE_SENDER = 1L << 31;
  private static final long SINGLE_RECEIVER = 1L << 63;

  private SpecificationLayout() {}

  static long encode(ChannelSpec spec) {
    int units = spec.isStream() ? spec.depth() / RingLayout.STREAM_GRANULE : spec.depth();
    long width = spec.width().bytes();
    long word =
        code(spec.width().kind()) << KIND_SHIFT
            | (spec.isAcknowledged() ? ACKNOWLEDGED : 0)
            | width << Integer.SIZE
            | (spec.isSingleSender() ? SINGLE_SENDER : 0)
            | units;
    return spec.isSingleReceiver() ? word ^ SINGLE_RECEIVER : word;
  }

  private static long code(Kind kind) {
    return switch (kind) {
      case EMPTY -> 1;
      case FIXED -> 2;
      case VARIABLE -> 3;
      case STREAM -> STREAM_CODE;
    };
  }

  /**
   * Returns what a word says.
   *
   * @throws IllegalArgumentException if it says nothing
   */
  static ChannelSpec decode(long word) {
    int code = (int) (word >>> KIND_SHIFT);
    boolean singleReceiver = code == 0 || code > STREAM_CODE;
    Kind kind = kind(singleReceiver ? code ^ STREAM_CODE : code);
    Width width = new Width(kind, (int) (word >>> Integer.SIZE) & WIDTH_MASK);
    long depth = (word & UNITS_MASK) * (kind == Kind.STREAM ? (long) RingLayout.STREAM_GRANULE : 1);
    return new ChannelSpec(
        (int) Math.min(depth, Integer.MAX_VALUE),
        width,
        (word & ACKNOWLEDGED) != 0,
        (word & SINGLE_SENDER) != 0,
        singleReceiver);
  }

  private static Kind kind(int code) {
    for (Kind kind : Kind.values()) {
      if (code(kind) == code) {
        return kind;
      }
    }
    throw new IllegalArgumentException("found kind " + code + ", expected 1 to 4");
  }
}

package dev.rszshm.structures.internal.ring;

import dev.rszshm.structures.channel.ChannelSpec;
import dev.rszshm.structures.channel.ChannelSpec.Kind;
import dev.rszshm.structures.channel.ChannelSpec.Width;

/**
 * The word of {@link RingLayout} that says what channel there is.
 *
 * <pre>
 * BITS    DESCRIPTION
 * 61-63   kind of the messages: 1 empty, 2 fixed, 3 variable, 4 a stream
 * 60      whether receivers acknowledge messages
 * 32-59   their length, or the greatest; 0 if there is none
 *  0-31   depth; of a stream, room in granules of 64 bytes
 * </pre>
 */
final class SpecificationLayout {
  private static final int KIND_SHIFT = 61;
  private static final int WIDTH_MASK = (1 << 28) - 1;
  private static final long ACKNOWLEDGED = 1L << 60;

  private SpecificationLayout() {}

  static long encode(ChannelSpec spec) {
    int units = spec.isStream() ? spec.depth() / RingLayout.STREAM_GRANULE : spec.depth();
    long width = spec.width().bytes();
    return code(spec.width().kind()) << KIND_SHIFT
        | (spec.isAcknowledged() ? ACKNOWLEDGED : 0)
        | width << Integer.SIZE
        | units;
  }

  private static long code(Kind kind) {
    return switch (kind) {
      case EMPTY -> 1;
      case FIXED -> 2;
      case VARIABLE -> 3;
      case STREAM -> 4;
    };
  }

  /**
   * Returns what a word says.
   *
   * @throws IllegalArgumentException if it says nothing
   */
  static ChannelSpec decode(long word) {
    Kind kind = kind((int) (word >>> KIND_SHIFT));
    Width width = new Width(kind, (int) (word >>> Integer.SIZE) & WIDTH_MASK);
    return new ChannelSpec(
        (int) word * (kind == Kind.STREAM ? RingLayout.STREAM_GRANULE : 1),
        width,
        (word & ACKNOWLEDGED) != 0);
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

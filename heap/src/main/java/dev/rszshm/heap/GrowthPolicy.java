package dev.rszshm.heap;

/**
 * How long a heap becomes when it grows and nobody said by how much.
 *
 * <p>A policy belongs to one attachment; attachments of the same heap may have different ones. It
 * may be called from any thread, and should only calculate.
 */
@FunctionalInterface
public interface GrowthPolicy {

  /**
   * Chooses a new length. The heap rounds the answer up to a page, raises it to what is needed, and
   * cuts it at the span.
   *
   * @param length present length in bytes
   * @param needed least length that will do, in bytes; more than the present one
   * @param span greatest length possible, in bytes
   */
  long nextLength(long length, long needed, long span);

  /** Doubles the length until it is enough, as ccan's rszshm does. */
  static GrowthPolicy doubling() {
    return (length, needed, span) -> {
      long next = length;
      while (next < needed) {
        next = next > span / 2 ? span : next * 2;
      }
      return next;
    };
  }

  /**
   * Grows by steps.
   *
   * @param step bytes to grow by, more than zero
   * @throws IllegalArgumentException if it is not
   */
  static GrowthPolicy step(long step) {
    if (step <= 0) {
      throw new IllegalArgumentException(
          "a growth step has at least 1 byte, found " + step + ": name a positive number of bytes");
    }
    return (length, needed, span) -> {
      long missing = needed - length;
      long steps = missing / step + (missing % step == 0 ? 0 : 1);
      return steps > (span - length) / step ? span : length + steps * step;
    };
  }

  /**
   * The default: doubles below 256 MiB, then grows by an eighth of the length and at most by 256
   * MiB. Growth takes the memory at once on tmpfs, so a large heap must not double by the way.
   */
  static GrowthPolicy balanced() {
    final long bound = 256L << 20;
    GrowthPolicy doubling = doubling();
    return (length, needed, span) ->
        length < bound
            ? doubling.nextLength(length, Math.min(needed, bound), span)
            : step(Math.min(length / 8, bound)).nextLength(length, needed, span);
  }
}

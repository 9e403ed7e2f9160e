package dev.rszshm.heap;

/**
 * Decides how far a heap grows.
 *
 * <p>A policy belongs to one attachment; attachments of the same heap may have different ones. It
 * may be called by any thread, with no lock held, and should only calculate.
 */
@FunctionalInterface
public interface GrowthPolicy {

  /**
   * Returns the new length of a heap. The heap rounds it up to a page, and to what is needed if it
   * is less, and down to the span if it is more.
   *
   * @param length the present length in bytes
   * @param needed the least length that suffices, in bytes; more than the present one
   * @param span the greatest length that is possible, in bytes
   */
  long nextLength(long length, long needed, long span);

  /** Returns a policy that doubles the length until it suffices, as ccan's rszshm does. */
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
   * Returns a policy that grows by a multiple of a step.
   *
   * @param step the number of bytes to grow by, at least 1
   * @throws IllegalArgumentException if it is less
   */
  static GrowthPolicy step(long step) {
    if (step <= 0) {
      throw new IllegalArgumentException("a growth step has at least 1 byte, found " + step);
    }
    return (length, needed, span) -> {
      long missing = needed - length;
      long steps = missing / step + (missing % step == 0 ? 0 : 1);
      return steps > (span - length) / step ? span : length + steps * step;
    };
  }

  /**
   * Returns the default policy: it doubles the length below 256 MiB, and grows longer heaps by an
   * eighth of their length, at most by 256 MiB. On tmpfs growth takes the memory at once, so a
   * large heap should not double.
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

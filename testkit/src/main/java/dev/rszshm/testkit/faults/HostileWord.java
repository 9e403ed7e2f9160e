package dev.rszshm.testkit.faults;

import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A word that somebody has put where another was. It follows from a seed and a number alone, so
 * that one can be tried again without those before it.
 *
 * @param offset where it is
 * @param before what was there
 * @param value what is there now
 */
record HostileWord(long offset, long before, long value) {
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

  /**
   * The word of a number.
   *
   * @param words what is there, from the offset on
   */
  static HostileWord of(long seed, int number, long offset, long[] words, long span) {
    SplittableRandom random = new SplittableRandom(seed ^ (number + 1) * SPREAD);
    int index = random.nextInt(words.length);
    if (random.nextBoolean()) { // words that are in use are worth more
      for (int i = 0; i < words.length && words[index] == 0; i++) {
        index = (index + 1) % words.length;
      }
    }
    long before = words[index];
    return new HostileWord(offset + 8L * index, before, value(random, before, words, span));
  }

  private static long value(SplittableRandom random, long before, long[] words, long span) {
    return switch (random.nextInt(12)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> Long.MIN_VALUE;
      case 3 -> Long.MAX_VALUE;
      case 4 -> before + 1;
      case 5 -> before - 1;
      case 6 -> before ^ 1L << random.nextInt(64);
      case 7 -> before ^ 0xffL << 8 * random.nextInt(8);
      case 8 -> words[random.nextInt(words.length)]; // the right thing in the wrong place
      case 9 -> random.nextLong(span) & -8;
      case 10 -> random.nextLong(span) | 1L << random.nextInt(64);
      default -> random.nextLong();
    };
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "0x%x in place of 0x%x at offset 0x%x", value, before, offset);
  }
}

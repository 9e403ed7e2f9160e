package dev.rszshm.benchmarks;

/**
 * What is in messages, and whether those that come are those that were sent: the first word of a
 * message is its number, counted from 0, and the last word follows from it.
 */
final class MessageCheck {
  private long next;

  /** The last word of the message of that number. */
  static long lastWord(long number) {
    return number * 0x9e3779b97f4a7c15L + 1;
  }

  /** Takes the next message, of which these are the length, the first and the last word. */
  void accept(int found, int expected, long first, long last) {
    if (found != expected || first != next || last != lastWord(next)) {
      throw new IllegalStateException(
          "found message "
              + first
              + " with last word "
              + last
              + " and length "
              + found
              + ", expected message "
              + next
              + " with last word "
              + lastWord(next)
              + " and length "
              + expected);
    }
    next++;
  }
}

package dev.rszshm.structures.internal.ring;

/**
 * The 64-bit word that says what begins at a granule of a ring.
 *
 * <pre>
 * BITS  of all
 * 61-63 state: 0 new, 1 claimed, 2 message, 3 part of a message, 4 padding, 5 shut down, 6 taken: a
 *       message that was received and is to be acknowledged
 *       of a claimed one
 * 31-60 tag of the participant that fills it
 * 24-30 lap, its lower 7 bits
 *  0-23 granules
 *       of the others
 * 28-60 lap, its lower 33 bits
 *  0-27 length of a message or part, in bytes; of padding, in granules; of a taken message the pin
 *       (22-27) and the granules (0-21)
 * </pre>
 *
 * A word of an earlier lap says that nothing has begun there in this one.
 */
public final class Header {
  static final int CLAIMED = 1;
  public static final int MESSAGE = 2;
  static final int PART = 3;
  static final int PADDING = 4;
  static final int SHUTDOWN = 5;
  static final int TAKEN = 6;

  public static final int MAX_LENGTH = (1 << 28) - 1;
  static final int MAX_GRANULES = (1 << 24) - 1;

  private static final int STATE_SHIFT = 61;
  private static final int TAG_SHIFT = 31;
  private static final int TAG_MASK = (1 << 30) - 1;
  private static final int CLAIM_LAP_SHIFT = 24;
  private static final int CLAIM_LAP_MASK = 0x7f;
  private static final int LAP_SHIFT = 28;
  private static final long LAP_MASK = (1L << 33) - 1;
  private static final int PIN_SHIFT = 22;
  private static final int TAKEN_GRANULES_MASK = (1 << PIN_SHIFT) - 1;

  /** A word that is fewer laps behind is certainly old, even where laps have wrapped around. */
  private static final long SURELY_OLDER = 1 << 20;

  private Header() {}

  static long claimed(int tag, long lap, int granules) {
    return (long) CLAIMED << STATE_SHIFT
        | (long) tag << TAG_SHIFT
        | (lap & CLAIM_LAP_MASK) << CLAIM_LAP_SHIFT
        | granules;
  }

  static long of(int state, long lap, int length) {
    return (long) state << STATE_SHIFT | (lap & LAP_MASK) << LAP_SHIFT | length;
  }

  static long taken(long lap, int pin, int granules) {
    return of(TAKEN, lap, pin << PIN_SHIFT | granules);
  }

  /** Whether a message was received in a lap, through a pin. */
  static boolean isTakenBy(long word, long lap, int pin) {
    return word >>> LAP_SHIFT == prefix(TAKEN, lap) && length(word) >>> PIN_SHIFT == pin;
  }

  static int takenGranules(long word) {
    return (int) word & TAKEN_GRANULES_MASK;
  }

  static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  static boolean isClaimed(long word) {
    return state(word) == CLAIMED;
  }

  static boolean isMessage(long word, long lap) {
    return word >>> LAP_SHIFT == prefix(MESSAGE, lap);
  }

  static boolean isPart(long word, long lap) {
    return word >>> LAP_SHIFT == prefix(PART, lap);
  }

  /** All of a word but the length. */
  private static long prefix(int state, long lap) {
    return (long) state << (STATE_SHIFT - LAP_SHIFT) | (lap & LAP_MASK);
  }

  /** Whether something that is not just claimed has begun there in a lap. */
  static boolean isOfLap(long word, long lap) {
    return state(word) > CLAIMED && (word >>> LAP_SHIFT & LAP_MASK) == (lap & LAP_MASK);
  }

  /** Whether a word is of an earlier lap; some that are so old that it cannot be told are not. */
  static boolean isSurelyOlder(long word, long lap) {
    long laps = lap - (word >>> LAP_SHIFT) & LAP_MASK;
    return state(word) != CLAIMED && laps > 0 && laps < SURELY_OLDER;
  }

  /** Whether a claimed word can be of a lap. */
  static boolean isClaimedIn(long word, long lap) {
    return isClaimed(word) && (word >>> CLAIM_LAP_SHIFT & CLAIM_LAP_MASK) == (lap & CLAIM_LAP_MASK);
  }

  static int tag(long claimed) {
    return (int) (claimed >>> TAG_SHIFT) & TAG_MASK;
  }

  static int claimedGranules(long claimed) {
    return (int) claimed & MAX_GRANULES;
  }

  static int length(long word) {
    return (int) word & MAX_LENGTH;
  }
}

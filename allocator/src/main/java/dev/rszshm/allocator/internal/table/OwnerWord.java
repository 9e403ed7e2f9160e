package dev.rszshm.allocator.internal.table;

/**
 * The word that says what a chunk is. It alone decides; everything else about chunks is a hint.
 *
 * <pre>
 *  63  60 59   54 53        42 41               24 23                    0
 *  +-----+-------+------------+-------------------+-----------------------+
 *  |state| class |    lane    |    generation     |          aux          |
 *  +-----+-------+------------+-------------------+-----------------------+
 * </pre>
 *
 * <p>The generation is raised when a chunk becomes empty. A zero word is an empty chunk that has no
 * memory, as all are when the heap grows.
 *
 * <p>The generation has 18 bits, which a chunk that is taken and given back all the time goes
 * through in a second. That suffices, because nothing rests on it alone. Who changes a word by
 * compare-and-set after a long pause changes it from what it is now: all that the change needs is
 * in the word, or read afterwards. And the recoverer of who died while freeing a block, possibly
 * long ago, frees it only if the block also has the stamp of that operation in its first word,
 * which whoever allocates it again has set to zero.
 */
public final class OwnerWord {
  /** Nobody's. Aux 1: it has memory; otherwise that must be taken before use. */
  public static final int EMPTY = 0;

  /** First chunk of a slab of which a lane allocates. Aux: number of the slab within the lane. */
  public static final int ACTIVE = 1;

  /** First chunk of a slab that is nobody's, and was full when it was given up. */
  public static final int FULL = 2;

  /** First chunk of a slab that is nobody's and has room; a hint points here. */
  public static final int PARTIAL = 3;

  /** Being put together by a lane. Aux: distance to the first chunk. */
  public static final int RESERVED = 4;

  /** First chunk of a block of chunks. Aux: number of chunks. */
  public static final int LARGE = 5;

  /** Not the first chunk. Aux: distance to it. */
  public static final int BODY = 6;

  /** First chunk of chunks that a lane is freeing. Aux: number of chunks. */
  public static final int FREEING = 7;

  public static final int BACKED = 1;

  public static final long MAX_AUX = (1L << 24) - 1;
  public static final int MAX_LANES = (1 << 12) - 1;

  private static final int STATE_SHIFT = 60;
  private static final int CLASS_SHIFT = 54;
  private static final int LANE_SHIFT = 42;
  private static final int GENERATION_SHIFT = 24;
  private static final long CLASS_MASK = (1 << 6) - 1;
  private static final long GENERATION_MASK = (1 << 18) - 1;

  /** State and lane: what an owner compares. */
  public static final long KEY_MASK = 0xfL << STATE_SHIFT | (long) MAX_LANES << LANE_SHIFT;

  /** State and size class. */
  private static final long STATE_AND_CLASS = 0xfL << STATE_SHIFT | CLASS_MASK << CLASS_SHIFT;

  /** State and aux: what changes while a chunk is of one generation and owner. */
  private static final long STATE_AND_AUX = 0xfL << STATE_SHIFT | MAX_AUX;

  private OwnerWord() {}

  public static long of(int state, int sizeClass, int lane, int generation, long aux) {
    return (long) state << STATE_SHIFT
        | (long) sizeClass << CLASS_SHIFT
        | (long) lane << LANE_SHIFT
        | (long) generation << GENERATION_SHIFT
        | aux;
  }

  public static long key(int state, int lane) {
    return of(state, 0, lane, 0, 0);
  }

  public static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  public static int sizeClass(long word) {
    return (int) (word >>> CLASS_SHIFT & CLASS_MASK);
  }

  public static int lane(long word) {
    return (int) (word >>> LANE_SHIFT) & MAX_LANES;
  }

  public static int generation(long word) {
    return (int) (word >>> GENERATION_SHIFT & GENERATION_MASK);
  }

  public static long aux(long word) {
    return word & MAX_AUX;
  }

  /** Whether an empty chunk has memory for certain. */
  public static boolean isBacked(long word) {
    return (word & BACKED) != 0;
  }

  /** The same chunk in another state. */
  public static long become(long word, int state, long aux) {
    return (word & ~STATE_AND_AUX) | (long) state << STATE_SHIFT | aux;
  }

  /** The same slab, nobody's. */
  public static long abandon(long word, int state) {
    return of(state, sizeClass(word), 0, generation(word), 0);
  }

  /** The same slab, a lane's. */
  public static long adopt(long word, int lane, int slab) {
    return of(ACTIVE, sizeClass(word), lane, generation(word), slab);
  }

  /** The same chunk, in the hand of a lane. */
  public static long reserve(long word, int lane, long distance) {
    return of(RESERVED, 0, lane, generation(word), distance);
  }

  /** The same chunk, part of those that begin at a distance before it. */
  public static long body(long word, long distance) {
    return of(BODY, 0, 0, generation(word), distance);
  }

  /** The same chunk, empty for the first time. */
  public static long empty(long word, int flags) {
    return of(EMPTY, 0, 0, generation(word) + 1 & (int) GENERATION_MASK, flags);
  }

  /** The same chunk, empty as it was before it was reserved. */
  public static long emptyAgain(long word, int flags) {
    return of(EMPTY, 0, 0, generation(word), flags);
  }

  public static boolean isReservedBy(long word, int lane) {
    return state(word) == RESERVED && lane(word) == lane;
  }

  /** Whether two words say the same state and size class. */
  public static boolean isOfClass(long word, long other) {
    return ((word ^ other) & STATE_AND_CLASS) == 0;
  }

  public static boolean isSlab(long word) {
    int state = state(word);
    return state == ACTIVE || state == FULL || state == PARTIAL;
  }

  /** How many chunks belong together, said by the word of the first; 0 if it is none. */
  public static long chunks(long word) {
    int state = state(word);
    if (state == LARGE || state == FREEING) {
      return aux(word);
    }
    return isSlab(word) && sizeClass(word) < SizeClasses.COUNT
        ? SizeClasses.chunks(sizeClass(word))
        : 0;
  }

  public static String describe(long word) {
    return switch (state(word)) {
      case EMPTY -> isBacked(word) ? "empty" : "empty, without memory";
      case ACTIVE -> "a slab of lane " + lane(word);
      case FULL -> "a full slab";
      case PARTIAL -> "a slab with room";
      case RESERVED -> "reserved by lane " + lane(word);
      case LARGE -> "a block of " + aux(word) + " chunks";
      case BODY -> "chunk " + aux(word) + " of those that belong together";
      case FREEING -> "being freed by lane " + lane(word);
      default -> "in unknown state " + state(word);
    };
  }
}

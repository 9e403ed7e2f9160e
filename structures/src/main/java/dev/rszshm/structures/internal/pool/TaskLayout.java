package dev.rszshm.structures.internal.pool;

/**
 * A task slot.
 *
 * <pre>
 * OFFSET SIZE DESCRIPTION
 *      0    8 word: bits 60-63 state, bits 30-59 tag of whom the state names, or why the task has
 *             failed; bits 0-29 number, another one each time the slot is taken or the task run again
 *      8    8 tag of the client that waits for the task; 0: nobody
 *     16    8 deaths: bits 57-63 of workers that ran it alone, bits 50-56 of workers that ran others
 *             as well; bits 30-49 number of the last one's word, or of the first word of the task, cut to
 *             20 bits; bits 0-29 tag of the worker that died last
 *     24    4 event count: the task may be done
 *     28    4 1: a run may still be reading the argument that the word does not name; else 0
 *     32    8 slot: the block of the argument, if it is the task's
 *     40    8 slot: the block of the result
 *     48    8 name of the task: its id in the table of names
 *     56    4 bits 0-7 policy, bits 8-15 form of argument and result
 *     60    4 reserved, zero
 *     64    8 offset of the argument; 0: it is in this slot
 *     72    8 length of the argument in bytes
 *     80    8 offset of the slot in the heap that the result goes to; 0: it stays in the one above
 *     88    8 length of the result in bytes
 *     96    8 offset of the result; 0: it is in this slot
 *    104    4 1: a thread of the client waits for this task, by its event count; else 0
 *    108    4 reserved, zero
 *    112   64 a short argument
 *    176   80 a short result
 * </pre>
 */
final class TaskLayout {
  static final int LENGTH = 256;

  static final int WORD = 0;
  static final int CLIENT = 8;
  static final int DEATHS = 16;
  static final int EVENTS = 24;
  static final int STRAY = 28;
  static final int ARGUMENT = 32;
  static final int RESULT = 40;
  static final int NAME = 48;
  static final int OPTIONS = 56;
  static final int ARGUMENT_OFFSET = 64;
  static final int ARGUMENT_LENGTH = 72;
  static final int DESTINATION = 80;
  static final int RESULT_LENGTH = 88;
  static final int RESULT_OFFSET = 96;
  static final int WATCHED = 104;
  static final int SHORT_ARGUMENT = 112;
  static final int SHORT_RESULT = 176;

  static final int MAX_SHORT_ARGUMENT = SHORT_RESULT - SHORT_ARGUMENT;
  static final int MAX_SHORT_RESULT = LENGTH - SHORT_RESULT;

  /** Of nobody. */
  static final int FREE = 0;

  /** The client that is named writes the argument. */
  static final int FILLING = 1;

  /** Waits for a worker. */
  static final int READY = 2;

  /** The worker that is named runs it. */
  static final int RUNNING = 3;

  /** The result is there, and goes to the slot of the caller. Whom it names moves it, or nobody. */
  static final int COMMITTED = 4;

  /** The result is there. */
  static final int DONE = 5;

  /** There is no result, for the reason that is named. */
  static final int FAILED = 6;

  /** Nobody wants it any more, but a run may be reading its argument. */
  static final int LINGERING = 7;

  /** The process that is named frees what the task has. */
  static final int RELEASING = 8;

  private static final int STATE_SHIFT = 60;
  private static final int TAG_SHIFT = 30;
  private static final int TAG_MASK = (1 << 30) - 1;
  private static final int ALONE_SHIFT = 57;
  private static final int COMPANY_SHIFT = 50;
  private static final int COMPANY_MASK = (1 << ALONE_SHIFT - COMPANY_SHIFT) - 1;
  private static final int DEATHS_NUMBER_MASK = (1 << COMPANY_SHIFT - TAG_SHIFT) - 1;

  /** After so many deaths of workers that ran others as well a task is given up, too. */
  static final int MAX_IN_COMPANY = 100;

  static long word(int state, int tag, int number) {
    return (long) state << STATE_SHIFT | (long) tag << TAG_SHIFT | number;
  }

  static int state(long word) {
    return (int) (word >>> STATE_SHIFT);
  }

  static int tag(long word) {
    return (int) (word >>> TAG_SHIFT) & TAG_MASK;
  }

  static int number(long word) {
    return (int) word & TAG_MASK;
  }

  /** The same with another state and tag. */
  static long with(long word, int state, int tag) {
    return word(state, tag, number(word));
  }

  /** The same with another state and the next number. */
  static long next(long word, int state, int tag) {
    return word(state, tag, number(word) + 1 & TAG_MASK);
  }

  /** How many workers have died that ran nothing else. */
  static int alone(long deaths) {
    return (int) (deaths >>> ALONE_SHIFT);
  }

  /** How many workers have died that ran others as well. */
  static int inCompany(long deaths) {
    return (int) (deaths >>> COMPANY_SHIFT) & COMPANY_MASK;
  }

  /** How many workers have died that ran it. */
  static int deaths(long deaths) {
    return alone(deaths) + inCompany(deaths);
  }

  static int lastDead(long deaths) {
    return (int) deaths & TAG_MASK;
  }

  private static long numbered(long word) {
    return (long) (number(word) & DEATHS_NUMBER_MASK) << TAG_SHIFT;
  }

  /** Whether a death of the run with a word has been counted. */
  static boolean isCounted(long deaths, long word) {
    return deaths(deaths) > 0
        && (deaths & (1L << COMPANY_SHIFT) - 1) == (numbered(word) | tag(word));
  }

  /** One more death, of the run with a word. */
  static long counted(long deaths, long word, boolean isAlone) {
    int alone = Math.min(alone(deaths) + (isAlone ? 1 : 0), COMPANY_MASK);
    int inCompany = Math.min(inCompany(deaths) + (isAlone ? 0 : 1), COMPANY_MASK);
    return (long) alone << ALONE_SHIFT
        | (long) inCompany << COMPANY_SHIFT
        | numbered(word)
        | tag(word);
  }

  /** No death yet, of a run with a word. */
  static long uncounted(long word) {
    return numbered(word);
  }

  private TaskLayout() {}
}

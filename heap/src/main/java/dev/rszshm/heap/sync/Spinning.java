package dev.rszshm.heap.sync;

import dev.rszshm.heap.Heap;
import java.util.function.BooleanSupplier;

/**
 * Looks at a word a few times before sleeping, for as long as that has been worth it: a look that
 * finds what it waits for costs nanoseconds, a sleep and its wake-up microseconds; but where the
 * other one cannot run meanwhile, looking only keeps it from running.
 *
 * <p>The pauses between looks become longer, so that whoever has the word can work. How long it
 * looks is learnt by each handle: twice as long as it has lately taken, and hardly ever when it was
 * for nothing. (The idea is that of the adaptive mutex of glibc.) The fields are guesses, which
 * threads may write at once.
 */
final class Spinning {
  /** Pauses: together about as long as a wake-up takes. */
  private static final int MOST = Integer.getInteger("dev.rszshm.spins", 256);

  private static final int LONGEST_PAUSE = 32;

  /** Where it was for nothing, it is tried again once in so many times. */
  private static final int TRIES = 64;

  private final boolean useful;
  private int usual = MOST / 2;
  private int skipped;

  Spinning(Heap heap) {
    this.useful = heap.processors() > 1;
  }

  /** Returns whether the condition has become true. */
  boolean until(BooleanSupplier condition) {
    int limit = limit();
    int spun = 0;
    for (int pause = 1; spun < limit; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
      for (int i = 0; i < pause; i++) {
        Thread.onSpinWait();
      }
      spun += pause;
      if (condition.getAsBoolean()) {
        usual = spun > usual ? spun : usual - (usual - spun) / 8;
        return true;
      }
    }
    if (limit > 0) {
      usual = Math.max(0, usual - usual / 8 - 1);
    }
    return false;
  }

  private int limit() {
    if (!useful) {
      return 0;
    }
    int now = usual;
    if (now == 0 && ++skipped % TRIES == 0) {
      return MOST / 4;
    }
    return Math.min(2 * now, MOST);
  }
}

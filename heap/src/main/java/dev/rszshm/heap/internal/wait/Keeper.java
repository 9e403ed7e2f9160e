package dev.rszshm.heap.internal.wait;

import dev.rszshm.heap.internal.os.NativeWord;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that sleeps on words for virtual threads; see {@link ParkingLot} for the
 * protocol. It is started when somebody waits for a word that none has room for, and ends some
 * seconds after the last one, or when the heap is closed. It holds the lot, which does not hold its
 * heap, so a heap can become garbage and be closed meanwhile.
 */
final class Keeper implements Runnable {
  /** The kernel sleeps on 128 words at a time, and one is the bell. */
  static final int MOST_WORDS = 127;

  /** How long a change that nobody has announced stays unseen, with few keepers. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long LINGERING_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final System.Logger LOGGER = System.getLogger("dev.rszshm.heap.Heap");

  /** Guarded by the lock of the lot. */
  final List<ParkedWord> words = new ArrayList<>();

  private final ParkingLot lot;
  private final NativeWord bell = new NativeWord();

  private Keeper(ParkingLot lot) {
    this.lot = lot;
  }

  /** Starts one; returns null if this JVM cannot have one more thread. */
  static @Nullable Keeper start(ParkingLot lot) {
    Keeper keeper = new Keeper(lot);
    Thread thread = new Thread(null, keeper, "rszshm-keeper", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    try {
      thread.start();
      return keeper;
    } catch (OutOfMemoryError noMoreThreads) {
      // Those who wait do without it, so no wait fails for it. Other errors go on to the caller.
      LOGGER.log(System.Logger.Level.DEBUG, "virtual threads look again and again", noMoreThreads);
      return null;
    }
  }

  /** Lets it look at its words again. Called in the lock of the lot, so it has not ended. */
  void ring() {
    lot.memory.getAndAddInt(bell.address(), 1);
    lot.calls.wakeWord(bell.address(), 1);
    Reference.reachabilityFence(this);
  }

  @Override
  public void run() {
    try {
      long idleSince = System.nanoTime();
      while (lot.open.getAsBoolean()) {
        if (keep()) {
          idleSince = System.nanoTime();
        } else if (System.nanoTime() - idleSince > LINGERING_NANOS && lot.dismiss(this, false)) {
          return;
        }
      }
    } catch (RuntimeException failure) {
      // Whoever waits goes on, looks, and meets it itself, or finds the heap closed.
      LOGGER.log(System.Logger.Level.DEBUG, "a keeper has ended", failure);
    } finally {
      lot.dismiss(this, true);
    }
  }

  /** Looks, and sleeps once; returns whether there is anything to keep. */
  private boolean keep() {
    final int rung = lot.memory.getIntVolatile(bell.address());
    ParkedWord[] kept = lot.wordsOf(this);
    int[] held = new int[kept.length];
    for (int i = 0; i < kept.length; i++) {
      if (!lot.open.getAsBoolean()) {
        return true;
      }
      held[i] = lot.memory.getIntVolatile(kept[i].address);
    }
    List<Long> passOn = new ArrayList<>();
    long due = lot.look(kept, held, passOn);
    passOn.forEach(address -> lot.calls.wakeWord(address, 1));
    return sleep(rung, kept, held, due);
  }

  /**
   * Returns how long a keeper sleeps at most. A look at all its words takes about 0.1 ms, so the
   * looks of all together are 40 a second for two of them, and for very many 20.
   */
  static long lookNanos(int keepers) {
    return LOOK_NANOS * Math.max(1, keepers - 1);
  }

  private boolean sleep(int rung, ParkedWord[] kept, int[] held, long due) {
    long[] addresses = new long[kept.length + 1];
    int[] values = new int[kept.length + 1];
    addresses[0] = bell.address();
    values[0] = rung;
    int count = 1;
    for (int i = 0; i < kept.length; i++) {
      if (!kept[i].dropped) {
        addresses[count] = kept[i].address;
        values[count++] = held[i];
      }
    }
    long most = count == 1 ? LINGERING_NANOS : lookNanos(lot.keepers());
    lot.calls.waitOnWords(
        Arrays.copyOf(addresses, count), Arrays.copyOf(values, count), Math.min(due, most));
    return count > 1;
  }
}

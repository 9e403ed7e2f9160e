package dev.rszshm.heap.internal.wait;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/*
 * The one thread of this process that looks after all threads that wait idly; see WaitingRoom.
 *
 * It is started when a thread has slept for a slice for nothing, and ends some seconds after the last one
 * that waits. Nobody needs it: a JVM that cannot have one more thread goes on in short slices. Whatever is
 * thrown by a look at one heap, an error of the JVM included, lets all who wait there look for themselves,
 * and the watcher goes on. It holds the rooms of those that wait, which do not hold their Heap: a heap
 * can become garbage and be closed. It keeps its class loader only as long as it runs.
 *
 * A look at who has gone waits for whoever uses the descriptor of that heap for longer, such as a thread that gives
 * memory back. While it does, who comes to sleep finds that the watcher is not at work, and keeps to short slices.
 */
final class Watcher implements Runnable {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(400);
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int TICKS_TO_TIDY = 20;
  private static final int LINGERING_TICKS = 40;

  private static final System.Logger LOGGER = System.getLogger("dev.rszshm.heap.Heap");

  /** The rooms that are watched, with the number of ticks for which each has been empty. */
  private static final Map<WaitingRoom, Integer> ROOMS = new HashMap<>();

  private static boolean running;

  /** Since when no thread could be made; 0 if that was not tried in vain. */
  private static long refused;

  /** When the last look began, on the clock of this JVM. */
  private static volatile long lastLook = System.nanoTime() - LATE_NANOS;

  private Watcher() {}

  /** Makes sure that a room is watched; returns false if this JVM cannot have one more thread. */
  static boolean watch(WaitingRoom room) {
    synchronized (ROOMS) {
      if (!running && !start()) {
        return false;
      }
      if (ROOMS.put(room, 0) == null) {
        room.forgetParticipants();
      }
      return true;
    }
  }

  private static boolean start() {
    long now = System.nanoTime();
    if (refused != 0 && now - refused < RETRY_NANOS) {
      return false;
    }
    Thread thread = new Thread(null, new Watcher(), "rszshm-waits", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    try {
      thread.start();
    } catch (OutOfMemoryError noMoreThreads) {
      // Those who wait do without it, so no wait fails for it. Other errors go on to the caller.
      if (refused == 0) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "no thread can be made that looks after those that wait: they wake up every 50 ms",
            noMoreThreads);
      }
      refused = now;
      return false;
    }
    ROOMS.clear(); // nobody has looked meanwhile
    running = true;
    lastLook = now;
    return true;
  }

  /** Whether there is a watcher that looks when it should. */
  static boolean isAtWork() {
    return System.nanoTime() - lastLook < LATE_NANOS;
  }

  @Override
  public void run() {
    boolean ended = false;
    int ticks = 0;
    try {
      do {
        ticks++;
        lastLook = System.nanoTime();
        LockSupport.parkNanos(TICK_NANOS);
        Thread.interrupted(); // or the next pause would be none
      } while (look(ticks % TICKS_TO_TIDY == 0));
      ended = true;
    } finally {
      if (!ended) {
        synchronized (ROOMS) {
          running = false;
          lastLook = System.nanoTime() - LATE_NANOS;
        }
      }
    }
  }

  /** Looks at all rooms; returns whether there will be more to look at. */
  private static boolean look(boolean tidies) {
    WaitingRoom[] rooms;
    synchronized (ROOMS) {
      rooms = ROOMS.keySet().toArray(new WaitingRoom[0]);
    }
    for (WaitingRoom room : rooms) {
      look(room, false);
    }
    for (WaitingRoom room : rooms) {
      look(room, true);
      if (tidies) {
        room.takeAwayVirtual();
      }
    }
    synchronized (ROOMS) {
      ROOMS.values().removeIf(ticks -> ticks > LINGERING_TICKS);
      running = !ROOMS.isEmpty(); // in the monitor: who comes after this starts another
      return running;
    }
  }

  /** Looks at one room, and survives whatever that throws. */
  private static void look(WaitingRoom room, boolean atParticipants) {
    try {
      if (atParticipants) {
        room.noticeDepartures();
      } else {
        count(room, room.wakeDue());
      }
    } catch (Throwable failure) {
      letAllLook(room, failure);
    }
  }

  private static void count(WaitingRoom room, boolean used) {
    synchronized (ROOMS) {
      ROOMS.computeIfPresent(room, (r, ticks) -> used ? 0 : ticks + 1);
    }
  }

  /** They meet what has failed themselves, or, as most errors of a JVM, it has passed by then. */
  private static void letAllLook(WaitingRoom room, Throwable failure) {
    try {
      LOGGER.log(System.Logger.Level.DEBUG, "a look after those that wait has failed", failure);
      room.countDeparture();
    } catch (Throwable again) {
      failure.addSuppressed(again); // who sleeps looks when its slice ends
    }
  }
}

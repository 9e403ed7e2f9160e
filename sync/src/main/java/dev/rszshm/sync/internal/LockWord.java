package dev.rszshm.sync.internal;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.sync.Acquisition;
import dev.rszshm.sync.Holder;
import dev.rszshm.sync.errors.LockUnusableException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * A lock that outlives its holders: the protocol below all locks of this package.
 *
 * Layout
 * ------
 * LockLayout: one 64-bit word, whose lower half is a futex.
 *
 * Protocol
 * --------
 * acquire:
 *  1 FREE to held(holder), by compare-and-set: that is all when nobody else is there;
 *  2 otherwise wait (Waiting), which looks again a few times, in case the holder is quick;
 *  3 free or orphaned: to held(holder), keeping the two flags, and with the flag WAITERS if this thread has
 *    slept, because others may still sleep;
 *  4 held, and it is time to ask (DeathWatch), or there is no time to sleep: ask whether the holder lives. If
 *    not: let everything else recover what it was changing (Heap.recoverDead), and then to held(holder) with
 *    the flag OWNER_DIED, by compare-and-set, so that one of all who find it dead gets it;
 *  5 held by the living: set the flag WAITERS and sleep while the lower half stays the same; on at 3. Who
 *    has slept and gives up sets the flag too: it may have been woken in the place of another.
 * release:
 *  6 held(holder) to FREE, by compare-and-set: all if no flag is set;
 *  7 otherwise to FREE, or, with the flag OWNER_DIED, to UNUSABLE; then wake one sleeper, or all.
 * mark consistent: clear the flag OWNER_DIED. Give back: to FREE or, with the flag OWNER_DIED, to
 * ORPHANED, which is free with that flag; then wake all, so that everyone learns of it.
 *
 * If a process dies here
 * ----------------------
 * 1, 3, 4: it holds the lock, or not; if it does, it holds it as a dead one: somebody is at 4 within 100 ms,
 * or comes later and finds it so. At 4 it may have recovered a part: that is done again, by whoever takes
 * the lock, and because it comes first, no lock that is taken from the dead lacks it. 5: the flag stays, which costs a wake-up. It was woken and did not act on
 * it: the next sleeper looks when its slice ends. 6: free or held by the dead. 7, before the wake-up:
 * sleepers look when their slice ends. A process that is stopped is alive and keeps the lock.
 *
 * If something is thrown here
 * ---------------------------
 * 1, 3, 4: the compare-and-set is the last step that can fail, so what is thrown comes before it, or from what
 * the caller does next: it gives the lock back, and has asked for the room for that (StackReserve).
 *
 * What cannot wrap
 * ----------------
 * Nothing here counts. A holder is told from another by its tag and the lower 32 bits of its thread's id:
 * two threads of one process are taken for one if 2^32 were made between them and both live.
 *
 * Acquiring has the order of a volatile read and write, releasing too. The states of the futex are those
 * of the third mutex in Drepper, "Futexes Are Tricky" (2011); the meaning of OWNER_DIED is that of POSIX
 * robust mutexes.
 */
public final class LockWord {
  // Made before anything is taken: nothing can fail then.
  private static final WaitResult<Acquisition> CONSISTENT = WaitResult.done(Acquisition.CONSISTENT);
  private static final WaitResult<Acquisition> ORPHANED = WaitResult.done(Acquisition.OWNER_DIED);

  private final Heap heap;
  private final long offset;
  private final String kind;
  private final Spinning spinning;
  private final DeathWatch deaths;
  public final int tag;

  public LockWord(Heap heap, long offset, String kind) {
    this.heap = heap;
    this.offset = offset;
    this.kind = kind;
    this.tag = Holder.tagOf(heap);
    this.spinning = new Spinning(heap);
    this.deaths = new DeathWatch(heap);
    heap.getLongVolatile(offset);
  }

  /** What the word says when the current thread of this process holds the lock. */
  public long heldByThisThread() {
    return LockLayout.held(tag, Thread.currentThread().getId());
  }

  /** Takes the lock if it is free and nothing else is to be known. */
  public boolean acquireFree(long holder) {
    return heap.compareAndSetLong(offset, LockLayout.FREE, holder);
  }

  /**
   * Takes the lock if it can be had now.
   *
   * @param asks whether to take it from its holder if that is dead
   */
  public WaitResult<Acquisition> acquireNow(long holder, boolean asks) {
    Acquisition taken = takeNow(holder, asks);
    if (taken == null) {
      return WaitResult.timedOut();
    }
    return taken == Acquisition.CONSISTENT ? CONSISTENT : ORPHANED;
  }

  /** As {@link #acquireNow}; returns null if the lock cannot be had. */
  public @Nullable Acquisition takeNow(long holder, boolean asks) {
    return takeNow(holder, asks, 0);
  }

  /** Returns how the lock was taken; null if it cannot be had. */
  private @Nullable Acquisition takeNow(long holder, boolean asks, long others) {
    while (true) {
      long word = heap.getLongVolatile(offset);
      requireUsable(word);
      if (LockLayout.isHeld(word) && !(asks && !isAlive(word))) {
        return null;
      }
      Acquisition result = take(holder, word, others);
      if (result != null) {
        return result;
      }
    }
  }

  /**
   * Takes the lock as soon as it can be had, or as long as the mode says. If it throws, the lock is
   * not taken.
   */
  public WaitResult<Acquisition> acquire(long holder, WaitMode mode) {
    Sleeper sleeper = new Sleeper(holder);
    try {
      return Waiting.await(sleeper, deaths, sleeper, mode);
    } catch (Throwable e) {
      if (sleeper.taken) {
        giveBack(holder);
      }
      throw e;
    }
  }

  /** One thread that waits for the lock: the word is what it sleeps on. */
  private final class Sleeper implements WaitPoint, Waiting.Look<Acquisition> {
    private final long holder;
    private int key;
    private boolean taken;

    /** The flag WAITERS once this thread has slept: others may sleep whom the word forgot. */
    private long others;

    Sleeper(long holder) {
      this.holder = holder;
    }

    @Override
    public @Nullable Acquisition look(boolean asksForTheDead) {
      Acquisition found = takeNow(holder, asksForTheDead, others);
      taken = found != null;
      return found;
    }

    @Override
    public Heap heap() {
      return heap;
    }

    @Override
    public long offset() {
      return offset;
    }

    @Override
    public boolean spin(BooleanSupplier look) {
      return spinning.until(look);
    }

    @Override
    public void prepare() {
      long word = heap.getLongVolatile(offset);
      while (LockLayout.isHeld(word)
          && (word & LockLayout.WAITERS) == 0
          && !heap.compareAndSetLong(offset, word, word | LockLayout.WAITERS)) {
        word = heap.getLongVolatile(offset);
      }
      key = (int) (word | LockLayout.WAITERS);
    }

    @Override
    public boolean sleep(long nanos) {
      others = LockLayout.WAITERS;
      return spinning.sleepWhile(offset, key, nanos);
    }

    /** The flag, which is set before each last look, lets the next release wake another. */
    @Override
    public void passOn() {}
  }

  /**
   * Takes a lock that is free, or held by a dead one, if it still is as it was found. What the dead
   * one was changing is recovered first: if that throws, the lock is still that of the dead.
   *
   * @param others the flag WAITERS, if others may sleep of whom the word does not tell
   * @return null if it is not as it was found
   */
  private @Nullable Acquisition take(long holder, long word, long others) {
    long flags = (word & (LockLayout.OWNER_DIED | LockLayout.WAITERS)) | others;
    Takeover death = null;
    if (LockLayout.isHeld(word)) {
      flags |= LockLayout.OWNER_DIED;
      heap.recoverDead(LockLayout.tag(word));
      death = Takeover.begin(heap, offset, LockLayout.tag(word));
    }
    Acquisition result = flags(flags); // before the last step, behind which nothing can fail
    if (!heap.compareAndSetLong(offset, word, holder | flags)) {
      return null;
    }
    if (death != null) {
      death.report();
    }
    return result;
  }

  private static Acquisition flags(long word) {
    return (word & LockLayout.OWNER_DIED) == 0 ? Acquisition.CONSISTENT : Acquisition.OWNER_DIED;
  }

  private boolean isAlive(long word) {
    return heap.isAlive(LockLayout.tag(word));
  }

  private void requireUsable(long word) {
    if (LockLayout.isUnusable(word)) {
      throw new LockUnusableException(
          this
              + " is unusable: its holder died, and the next one released it without"
              + " markConsistent. Repair what it protects, and reset() it");
    }
  }

  /** Returns the offset of the word. */
  public long offset() {
    return offset;
  }

  /**
   * Gives the lock up.
   *
   * @throws IllegalMonitorStateException if it is not held by this holder
   */
  public void release(long holder) {
    if (!heap.compareAndSetLong(offset, holder, LockLayout.FREE)) {
      long word = change(holder, LockLayout.FREE, LockLayout.UNUSABLE);
      if ((word & LockLayout.WAITERS) != 0) {
        heap.wake(offset, flags(word) == Acquisition.OWNER_DIED ? Integer.MAX_VALUE : 1);
      }
    }
  }

  /**
   * Gives the lock up as it was found: free, or orphaned, for whoever can repair. This is done when
   * something has failed already: if it fails itself, it is tried once more.
   */
  public void giveBack(long holder) {
    long word = 0;
    try {
      word = change(holder, LockLayout.FREE, LockLayout.ORPHANED);
      wakeAll(word);
    } catch (Throwable e) {
      wakeAll(word == 0 ? change(holder, LockLayout.FREE, LockLayout.ORPHANED) : word);
      throw e;
    }
  }

  private void wakeAll(long word) {
    if ((word & LockLayout.WAITERS) != 0) {
      heap.wake(offset, Integer.MAX_VALUE);
    }
  }

  private long change(long holder, long ifConsistent, long ifNot) {
    while (true) {
      long word = heap.getLongVolatile(offset);
      requireHeld(holder, word);
      long next = flags(word) == Acquisition.CONSISTENT ? ifConsistent : ifNot;
      if (heap.compareAndSetLong(offset, word, next)) {
        return word;
      }
    }
  }

  /** Says that all is well with what the lock protects. */
  public void markConsistent(long holder) {
    requireHeld(holder, heap.getLongVolatile(offset));
    long word;
    do {
      word = heap.getLongVolatile(offset);
    } while (!heap.compareAndSetLong(offset, word, word & ~LockLayout.OWNER_DIED));
  }

  /** Makes an unusable lock a new one. */
  public boolean reset() {
    long word = heap.getLongVolatile(offset);
    return LockLayout.isUnusable(word) && heap.compareAndSetLong(offset, word, LockLayout.FREE);
  }

  public void requireHeld(long holder) {
    requireHeld(holder, heap.getLongVolatile(offset));
  }

  private void requireHeld(long holder, long word) {
    if (!LockLayout.isHeldBy(word, holder)) {
      heap.getLongVolatile(offset); // throws if the heap was closed, and the word read is none
      requireUsable(word);
      throw new IllegalMonitorStateException(
          this
              + " is not held by this "
              + (LockLayout.thread(holder) == LockLayout.thread(LockLayout.ANY_THREAD)
                  ? "process"
                  : "thread")
              + ": it is "
              + describe(word));
    }
  }

  public boolean isHeldBy(long holder) {
    return LockLayout.isHeldBy(heap.getLongVolatile(offset), holder);
  }

  public boolean isHeld() {
    return LockLayout.isHeld(heap.getLongVolatile(offset));
  }

  /** Whether it can be had and nothing else is to be known. */
  public boolean isFree() {
    return heap.getLongVolatile(offset) == LockLayout.FREE;
  }

  /** Whether nobody who lives has it, which is asked for. */
  public boolean canBeTaken() {
    long word = heap.getLongVolatile(offset);
    return !LockLayout.isHeld(word) || !isAlive(word);
  }

  /**
   * Whether the last holder died and nobody has said since that all is well.
   *
   * @param asks whether to ask if the holder lives
   */
  public boolean isOrphaned(boolean asks) {
    long word = heap.getLongVolatile(offset);
    return LockLayout.isUnusable(word)
        || flags(word) == Acquisition.OWNER_DIED
        || (asks && LockLayout.isHeld(word) && !isAlive(word));
  }

  public Optional<Holder> holder() {
    return holder(heap.getLongVolatile(offset));
  }

  private Optional<Holder> holder(long word) {
    if (!LockLayout.isHeld(word)) {
      return Optional.empty();
    }
    long thread = LockLayout.thread(word);
    OptionalLong id =
        thread == LockLayout.thread(LockLayout.ANY_THREAD)
            ? OptionalLong.empty()
            : OptionalLong.of(thread);
    Optional<Participant> participant = heap.participant(LockLayout.tag(word));
    return participant.map(p -> new Holder(p, id));
  }

  private String describe(long word) {
    if (!LockLayout.isHeld(word)) {
      return "free";
    }
    return "held by " + holder(word).map(Holder::toString).orElse("a process that is gone");
  }

  /** For messages: never throws. */
  public String state() {
    try {
      return describe(heap.getLongVolatile(offset));
    } catch (IllegalStateException closed) {
      return "which is closed";
    }
  }

  @Override
  public String toString() {
    return "the " + kind + " at offset " + offset + " of " + heap.path();
  }
}

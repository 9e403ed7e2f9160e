package dev.rszshm.allocator.internal.ownership;

import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.lane.RemoteFree;
import dev.rszshm.allocator.internal.reference.ReferenceRecovery;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.internal.watch.Pending;
import dev.rszshm.heap.internal.watch.ReportKind;
import dev.rszshm.heap.internal.watch.Reports;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * Gives up what the lanes of dead participants had, while all others go on.
 *
 * Protocol
 * --------
 * of all lanes whose owner, or whose recoverer, is dead:
 *  1 lane word to RECOVERING(this participant) by compare-and-set. Failed: somebody else does it;
 * then for each of these:
 *  2 set the hints of the pending chunk and of its group; if it is FULL and has blocks that were freed, to PARTIAL;
 *  3 end the operation in its record (ReferenceRecovery);
 * then in one walk for all:
 *  4 look at every owner word; for those that name such a lane:
 *    ACTIVE: it becomes the pending chunk; collect; to FULL (and read the remote bitmap again, as in
 *    Lane), PARTIAL, or EMPTY; its hint;
 *    RESERVED, FREEING: as in ChunkPool;
 * and for each: 5 lane word to FREE.
 *
 * If a process dies here
 * ----------------------
 * The lane is RECOVERING for a dead participant, and the next recoverer does all of it again. Each step does
 * nothing where it was done before. If something is thrown within it, this process notes the lane (unfinished), and
 * its next run goes on with it. Step 2 is the first, because 3 and 4 use the pending word for chunks of
 * their own.
 */
public final class Recovery {
  /** In the place of a lane: no lane has this number. */
  private static final int ALL_OF_THE_DEAD = 0;

  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Hints hints;
  private final ChunkPool pool;
  private final ReferenceRecovery references;
  private final @Nullable Participant self;

  /** Lanes this object has taken, and not yet let go: more than none if an error cut it short. */
  private final Set<Integer> unfinished = ConcurrentHashMap.newKeySet();

  public Recovery(
      Tables tables,
      Hints hints,
      ChunkPool pool,
      ReferenceRecovery references,
      @Nullable Participant self) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.hints = hints;
    this.pool = pool;
    this.references = references;
    this.self = self;
  }

  /** Recovers all lanes of the dead; returns how many. */
  public int run() {
    return recover(ALL_OF_THE_DEAD, 0);
  }

  /** Recovers a lane if it is that of the dead; returns whether it was. */
  boolean runFor(int lane) {
    long word = laneWord(lane);
    if (!isOfTheDead(word)) {
      return false;
    }
    recover(lane, word);
    return true;
  }

  /** Recovers a lane of this participant, which nobody is in. */
  void runForOwn(int lane, long liveWord) {
    if (laneWord(lane) == liveWord) {
      recover(lane, liveWord);
    }
  }

  private void claimAllOfTheDead(Map<Integer, Long> claimed) {
    int end = tables.laneFrontier();
    for (int lane = 1; lane <= end; lane++) {
      long word = laneWord(lane);
      if (isOfTheDead(word) || (word == recoveringWord() && unfinished.contains(lane))) {
        claim(claimed, lane, word);
      }
    }
  }

  /** Takes a lane; another may have done so since its word was read. */
  private void claim(Map<Integer, Long> claimed, int lane, long word) {
    unfinished.add(lane);
    if (heap.compareAndSetLong(
        geometry.laneOffset(lane) + LaneLayout.WORD, word, recoveringWord())) {
      claimed.put(lane, word);
    } else {
      unfinished.remove(lane);
    }
  }

  /**
   * Recovers a lane, or {@link #ALL_OF_THE_DEAD}; returns how many. What fails is tried again: the
   * lanes are the dead's. No lambda is in the way: one that is linked where the stack has no room
   * for it is broken as long as the JVM lives, and with it recovery.
   */
  private synchronized int recover(int one, long word) {
    Map<Integer, Long> claimed = new TreeMap<>();
    Reports reports = Reports.of(heap);
    Pending pending = null;
    boolean done = false;
    try {
      if (one == ALL_OF_THE_DEAD) {
        claimAllOfTheDead(claimed);
      } else {
        claim(claimed, one, word);
      }
      pending = claimed.isEmpty() ? null : reports.begin(ReportKind.RECOVERY);
      for (int lane : claimed.keySet()) {
        repairPending(lane);
        references.recover(lane);
      }
      if (!claimed.isEmpty()) {
        giveUpChunks(claimed.keySet());
        heap.getAndAddLong(geometry.base() + AllocatorLayout.RECOVERIES, claimed.size());
      }
      done = true;
    } finally {
      if (heap.isOpen()) {
        for (Map.Entry<Integer, Long> lane : claimed.entrySet()) {
          long offset = geometry.laneOffset(lane.getKey()) + LaneLayout.WORD;
          heap.compareAndSetLong(offset, recoveringWord(), done ? 0 : lane.getValue());
          if (done
              || lane.getValue()
                  != recoveringWord()) { // or it stays one that was begun and not ended
            unfinished.remove(lane.getKey());
          }
        }
      }
    }
    reports.recovered(pending, claimed.size());
    return claimed.size();
  }

  private long recoveringWord() {
    Participant recoverer = Objects.requireNonNull(self);
    return LaneLayout.word(LaneLayout.RECOVERING, recoverer.slot(), recoverer.generation());
  }

  private long laneWord(int lane) {
    return heap.getLongAcquire(geometry.laneOffset(lane) + LaneLayout.WORD);
  }

  private boolean isOfTheDead(long word) {
    Participant recoverer = Objects.requireNonNull(self);
    return LaneLayout.state(word) != LaneLayout.FREE
        && tables.isPossible(word)
        && !(LaneLayout.participant(word) == recoverer.slot()
            && LaneLayout.generation(word) == recoverer.generation())
        && !heap.isAlive(LaneLayout.participant(word), LaneLayout.generation(word));
  }

  /** One walk for all lanes: there are many chunks, and a process may have had many threads. */
  private void giveUpChunks(Set<Integer> lanes) {
    boolean[] dead = new boolean[OwnerWord.MAX_LANES + 1];
    for (int lane : lanes) {
      dead[lane] = true;
    }
    int end = tables.frontier();
    for (int chunk = 0; chunk < end; chunk++) {
      long word = tables.owner(chunk);
      int lane = OwnerWord.lane(word);
      if (dead[lane]) {
        switch (OwnerWord.state(word)) {
          case OwnerWord.ACTIVE -> giveUpSlab(lane, chunk, word, end);
          case OwnerWord.RESERVED, OwnerWord.FREEING -> pool.settle(chunk, word);
          default -> {
            // A lane in another state is not its owner's any more.
          }
        }
      }
    }
  }

  private void giveUpSlab(int lane, int chunk, long word, int end) {
    long chunks = OwnerWord.chunks(word);
    if (chunks == 0 || chunks > end - chunk) {
      return; // damaged: check() says so
    }
    int sizeClass = OwnerWord.sizeClass(word);
    pool.setPending(lane, chunk);
    tables.collect(chunk, sizeClass);
    int used = tables.used(chunk, sizeClass);
    if (used == 0) {
      pool.release(lane, chunk, word, SizeClasses.chunks(sizeClass));
    } else if (used < SizeClasses.blocks(sizeClass)) {
      tables.setOwner(chunk, OwnerWord.abandon(word, OwnerWord.PARTIAL));
      hints.set(HintLayout.partial(sizeClass), chunk);
    } else {
      tables.changeOwner(chunk, word, OwnerWord.abandon(word, OwnerWord.FULL));
      RemoteFree.offerIfFreed(tables, hints, chunk);
    }
  }

  private void repairPending(int lane) {
    long pending = heap.getLongAcquire(geometry.laneOffset(lane) + LaneLayout.PENDING);
    if (pending > 0 && pending <= tables.frontier()) {
      RemoteFree.offerIfFreed(tables, hints, pending - 1);
      hints.repair(pending - 1, tables.owner(pending - 1));
      hints.repairGroup(pending - 1);
    }
  }
}

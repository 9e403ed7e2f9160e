package dev.rszshm.allocator;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;

/*
 * Gives up what the lanes of dead participants had, while all others go on.
 *
 * Protocol
 * --------
 * for each lane whose owner, or whose recoverer, is dead:
 *  1 lane word to RECOVERING(this participant) by compare-and-set. Failed: somebody else does it;
 *  2 set the hints of the pending chunk and of its group; if it is FULL and has blocks that were freed, to PARTIAL;
 *  3 end the operation in its record (ReferenceRecovery);
 *  4 look at every owner word; for those that name the lane:
 *    ACTIVE: it becomes the pending chunk; collect; to FULL (and read the remote bitmap again, as in
 *    Lane), PARTIAL, or EMPTY; its hint;
 *    RESERVED, FREEING: as in ChunkPool;
 *  5 lane word to FREE.
 *
 * If a process dies here
 * ----------------------
 * The lane is RECOVERING for a dead participant, and the next recoverer does all of it again. Each step does
 * nothing where it was done before. Step 2 is the first, because 3 and 4 use the pending word for chunks of
 * their own.
 */
final class Recovery {
  private final Tables tables;
  private final Heap heap;
  private final Geometry at;
  private final Hints hints;
  private final ChunkPool pool;
  private final ReferenceRecovery references;
  private final Participant self;

  Recovery(
      Tables tables, Hints hints, ChunkPool pool, ReferenceRecovery references, Participant self) {
    this.tables = tables;
    this.heap = tables.heap;
    this.at = tables.at;
    this.hints = hints;
    this.pool = pool;
    this.references = references;
    this.self = self;
  }

  /** Recovers all lanes of the dead; returns how many. */
  synchronized int run() {
    int recovered = 0;
    int end = tables.laneFrontier();
    for (int lane = 1; lane <= end; lane++) {
      long word = heap.getLongAcquire(at.laneOffset(lane) + LaneLayout.WORD);
      if (isOfTheDead(word) && recover(lane, word)) {
        recovered++;
      }
    }
    return recovered;
  }

  /** Recovers a lane if it is that of the dead; returns whether it was. */
  boolean runFor(int lane) {
    long word = heap.getLongAcquire(at.laneOffset(lane) + LaneLayout.WORD);
    return isOfTheDead(word) && recoverAlone(lane, word);
  }

  /** Recovers a lane of this participant, which nobody is in; whether it needs no more of that. */
  boolean runForOwn(int lane, long liveWord) {
    return heap.getLongAcquire(at.laneOffset(lane) + LaneLayout.WORD) != liveWord
        || recoverAlone(lane, liveWord);
  }

  private synchronized boolean recoverAlone(int lane, long word) {
    recover(lane, word);
    return true;
  }

  private boolean isOfTheDead(long word) {
    return LaneLayout.state(word) != LaneLayout.FREE
        && tables.isPossible(word)
        && !(LaneLayout.participant(word) == self.slot()
            && LaneLayout.generation(word) == self.generation())
        && !heap.isAlive(LaneLayout.participant(word), LaneLayout.generation(word));
  }

  private boolean recover(int lane, long word) {
    long offset = at.laneOffset(lane) + LaneLayout.WORD;
    long mine = LaneLayout.word(LaneLayout.RECOVERING, self.slot(), self.generation());
    if (!heap.compareAndSetLong(offset, word, mine)) {
      return false;
    }
    boolean done = false;
    try {
      repairPending(lane);
      references.recover(lane);
      giveUpChunks(lane);
      heap.getAndAddLong(at.base() + AllocatorLayout.RECOVERIES, 1);
      done = true;
    } finally {
      // What failed here is tried again: then the lane is once more that of the dead.
      heap.compareAndSetLong(offset, mine, done ? 0 : word);
    }
    return true;
  }

  private void giveUpChunks(int lane) {
    int end = tables.frontier();
    for (int chunk = 0; chunk < end; chunk++) {
      long word = tables.owner(chunk);
      if (OwnerWord.lane(word) == lane) {
        switch (OwnerWord.state(word)) {
          case OwnerWord.ACTIVE -> giveUpSlab(lane, chunk, word);
          case OwnerWord.RESERVED -> settle(chunk, word);
          case OwnerWord.FREEING -> {
            if (exists(chunk, OwnerWord.aux(word))) {
              pool.finishRelease(chunk, word, OwnerWord.DISCARDED);
            }
          }
          default -> {
            // A lane in another state is not its owner's any more.
          }
        }
      }
    }
  }

  private boolean exists(int chunk, long count) {
    return count > 0 && chunk + count <= tables.frontier();
  }

  private void giveUpSlab(int lane, int chunk, long word) {
    int sizeClass = OwnerWord.sizeClass(word);
    if (!exists(chunk, OwnerWord.chunks(word))) {
      return; // a word that nobody has written
    }
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

  /**
   * A chunk that was reserved belongs to a first chunk that says so, or to nobody. If its word has
   * changed, somebody has freed the block it belonged to, and it may be another's by now.
   */
  private void settle(int chunk, long word) {
    long distance = OwnerWord.aux(word);
    if (distance > 0
        && distance <= chunk
        && OwnerWord.chunks(tables.owner(chunk - distance)) > distance) {
      long joined = OwnerWord.of(OwnerWord.BODY, 0, 0, OwnerWord.generation(word), distance);
      tables.changeOwner(chunk, word, joined);
    } else if (tables.changeOwner(chunk, word, OwnerWord.emptyAgain(word, OwnerWord.DISCARDED))) {
      hints.set(HintLayout.EMPTY, chunk);
    }
  }

  private void repairPending(int lane) {
    long pending = heap.getLongAcquire(at.laneOffset(lane) + LaneLayout.PENDING);
    if (pending > 0 && pending <= tables.frontier()) {
      RemoteFree.offerIfFreed(tables, hints, pending - 1);
      hints.repair(pending - 1, tables.owner(pending - 1));
      hints.repairGroup(pending - 1);
    }
  }
}

package dev.rszshm.allocator.internal.check;

import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.allocator.AllocatorCheck.Finding;
import dev.rszshm.allocator.AllocatorCheck.Severity;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Walks over all chunks. What looks wrong and has changed when it is looked at again was on the way
 * from one state to the next, and counts as it was seen last.
 */
public final class CheckWalk {
  private static final int TRIES = 100;

  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final List<Finding> findings = new ArrayList<>();

  /** Whether the owner of a lane word is dead. The dead stay dead, and each costs a system call. */
  private final Map<Long, Boolean> dead = new HashMap<>();

  private int frontier;
  private long used;
  private long free;
  private long reserved;
  private long blocks;

  public CheckWalk(Tables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
  }

  public AllocatorCheck walk(Roots roots) {
    findings.addAll(SummaryCheck.of(tables));
    frontier = tables.frontier();
    for (int chunk = 0; chunk < frontier; ) {
      chunk += walk(chunk);
    }
    checkLanes();
    findings.addAll(RootCheck.of(tables, roots));
    long behind = heap.length() - geometry.chunkOffset(frontier);
    return new AllocatorCheck(
        List.copyOf(findings), used, free + behind, reserved, geometry.chunks(), blocks);
  }

  private void add(Severity severity, long offset, String message) {
    findings.add(new Finding(severity, offset, message));
  }

  /** Explains what begins at a chunk; returns how many chunks that is. */
  private int walk(int chunk) {
    for (int i = 0; ; i++) {
      int before = findings.size();
      long word = tables.owner(chunk);
      long[] sums = {used, free, reserved, blocks};
      int chunks = explain(chunk, word);
      boolean steady = tables.owner(chunk) == word;
      if (findings.size() == before ? steady : steady && i >= TRIES) {
        return chunks;
      }
      boolean changing = !steady && i >= 2 * TRIES; // somebody is at it all the time
      if (changing) {
        findings.subList(before, findings.size()).clear();
        return chunks;
      }
      findings.subList(before, findings.size()).clear();
      used = sums[0];
      free = sums[1];
      reserved = sums[2];
      blocks = sums[3];
      Thread.onSpinWait();
    }
  }

  private int explain(int chunk, long word) {
    long offset = geometry.chunkOffset(chunk);
    long chunks = Math.max(1, OwnerWord.chunks(word));
    if (chunk + chunks > frontier) {
      frontier = tables.frontier(); // it may have grown since
    }
    if (chunk + chunks > frontier) {
      add(
          Severity.ERROR,
          offset,
          "chunk " + chunk + " is said to begin " + chunks + " chunks; there are not so many");
      reserved += SizeClasses.CHUNK;
      return 1;
    }
    switch (OwnerWord.state(word)) {
      case OwnerWord.EMPTY -> {
        free += SizeClasses.CHUNK;
        checkHint(chunk, HintLayout.EMPTY, "empty");
        checkUnusedBits(chunk, 0);
      }
      case OwnerWord.ACTIVE, OwnerWord.FULL, OwnerWord.PARTIAL -> explainSlab(chunk, word);
      case OwnerWord.LARGE -> {
        used += chunks << SizeClasses.CHUNK_SHIFT;
        blocks++;
        checkMembers(chunk, chunks);
        checkUnusedBits(chunk, 0);
        if (OwnerWord.aux(word) == 0) {
          add(Severity.ERROR, offset, "chunk " + chunk + " begins a block of no chunks");
        }
      }
      case OwnerWord.RESERVED -> {
        reserved += SizeClasses.CHUNK;
        checkLane(offset, word);
      }
      case OwnerWord.FREEING -> {
        chunks = 1; // the others may be somebody's already
        reserved += SizeClasses.CHUNK;
        checkLane(offset, word);
      }
      case OwnerWord.BODY -> explainBody(chunk, word);
      default -> {
        reserved += SizeClasses.CHUNK;
        add(Severity.ERROR, offset, "chunk " + chunk + " is " + OwnerWord.describe(word));
      }
    }
    return (int) chunks;
  }

  /** Whoever makes a slab relies on bits that stand for no block: they are zero. */
  private void checkUnusedBits(int chunk, int fromWord) {
    for (int i = fromWord; i < ChunkLayout.MAX_BLOCKS / Long.SIZE; i++) {
      long bits = heap.getLongAcquire(tables.local(chunk, i));
      if ((bits | heap.getLongAcquire(tables.remote(chunk, i))) != 0) {
        add(
            Severity.ERROR,
            geometry.chunkOffset(chunk),
            "chunk " + chunk + " has bits in its bitmaps that stand for no block");
        return;
      }
    }
  }

  /** A chunk that was not part of the block before it when the walk came to that. */
  private void explainBody(int chunk, long word) {
    long first = chunk - OwnerWord.aux(word);
    long owner = first < 0 ? 0 : tables.owner(first);
    if (OwnerWord.state(owner) != OwnerWord.FREEING
        && OwnerWord.chunks(owner) > OwnerWord.aux(word)) {
      used += SizeClasses.CHUNK; // it has become part of it meanwhile
      return;
    }
    reserved += SizeClasses.CHUNK;
    if (OwnerWord.state(owner) != OwnerWord.FREEING) {
      add(
          Severity.ERROR,
          geometry.chunkOffset(chunk),
          "chunk " + chunk + " is said to belong to chunk " + first + ", which knows nothing");
    }
  }

  private void explainSlab(int chunk, long word) {
    long offset = geometry.chunkOffset(chunk);
    int sizeClass = OwnerWord.sizeClass(word);
    if (sizeClass >= SizeClasses.COUNT) {
      add(Severity.ERROR, offset, "chunk " + chunk + " has size class " + sizeClass);
      reserved += SizeClasses.CHUNK;
      return;
    }
    checkUnusedBits(chunk, Tables.words(sizeClass));
    boolean active = OwnerWord.state(word) == OwnerWord.ACTIVE;
    long inUse = 0;
    boolean freed = false;
    for (int i = 0; i < Tables.words(sizeClass); i++) {
      long mask = Tables.mask(sizeClass, i);
      long local = heap.getLongAcquire(tables.local(chunk, i));
      long remote = heap.getLongAcquire(tables.remote(chunk, i));
      if ((local & ~mask) != 0 || (remote & ~mask) != 0) {
        add(Severity.ERROR, offset, "chunk " + chunk + " has bits behind its last block");
      }
      if (!active && (remote & ~local) != 0) {
        add(Severity.ERROR, offset, "chunk " + chunk + " has blocks that were freed twice");
      }
      inUse += Long.bitCount(local & ~remote & mask);
      freed |= remote != 0;
    }
    long size = SizeClasses.size(sizeClass);
    long chunks = SizeClasses.chunks(sizeClass);
    used += inUse * size;
    blocks += inUse;
    free += (chunks << SizeClasses.CHUNK_SHIFT) - inUse * size;
    checkMembers(chunk, chunks);
    if (active) {
      checkLane(offset, word);
    } else if (OwnerWord.state(word) == OwnerWord.FULL
        && (freed || inUse < SizeClasses.blocks(sizeClass))) {
      add(Severity.NOTE, offset, "slab " + chunk + " has room, and is said to be full");
    } else if (OwnerWord.state(word) == OwnerWord.PARTIAL) {
      checkHint(chunk, HintLayout.partial(sizeClass), "a slab with room");
    }
  }

  private void checkMembers(int chunk, long chunks) {
    for (long i = 1; i < chunks; i++) {
      long word = tables.owner(chunk + i);
      boolean joining = OwnerWord.state(word) == OwnerWord.RESERVED;
      if ((OwnerWord.state(word) != OwnerWord.BODY && !joining) || OwnerWord.aux(word) != i) {
        add(
            Severity.ERROR,
            geometry.chunkOffset(chunk + i),
            String.format(
                Locale.ROOT,
                "chunk %d belongs to chunk %d, and is %s",
                chunk + i,
                chunk,
                OwnerWord.describe(word)));
      } else if (joining) {
        checkLane(geometry.chunkOffset(chunk + i), word);
      }
    }
  }

  private void checkHint(int chunk, int kind, String what) {
    if (heap.isReadOnly() && chunk >= geometry.chunkCount()) {
      return;
    }
    int group = chunk >>> HintLayout.GROUP_SHIFT;
    boolean hinted =
        (heap.getLongAcquire(geometry.groupOffset(group, kind)) & 1L << chunk) != 0
            && (heap.getLongAcquire(geometry.summaryOffset(kind, group >>> HintLayout.GROUP_SHIFT))
                    & 1L << group)
                != 0;
    if (!hinted) {
      add(
          Severity.NOTE,
          geometry.chunkOffset(chunk),
          "chunk " + chunk + " is " + what + ", and no hint leads to it");
    }
  }

  /** A chunk in the hand of a lane: it must be somebody's. */
  private void checkLane(long offset, long word) {
    int lane = OwnerWord.lane(word);
    if (lane < 1 || lane > tables.laneFrontier()) {
      add(Severity.ERROR, offset, "the chunk is of lane " + lane + ", which does not exist");
    } else if (LaneLayout.state(laneWord(lane)) == LaneLayout.FREE) {
      add(Severity.ERROR, offset, "the chunk is of lane " + lane + ", which is free");
    } else if (isDead(lane)) {
      add(Severity.RECOVERABLE, offset, "the chunk is of lane " + lane + ", whose owner is dead");
    }
  }

  private long laneWord(int lane) {
    return heap.getLongAcquire(geometry.laneOffset(lane) + LaneLayout.WORD);
  }

  private boolean isDead(int lane) {
    long word = laneWord(lane);
    return LaneLayout.state(word) != LaneLayout.FREE
        && tables.isPossible(word)
        && dead.computeIfAbsent(
            word, w -> !heap.isAlive(LaneLayout.participant(w), LaneLayout.generation(w)));
  }

  private void checkLanes() {
    int end = tables.laneFrontier();
    for (int lane = 1; lane <= end; lane++) {
      long word = laneWord(lane);
      if (LaneLayout.state(word) != LaneLayout.FREE && !tables.isPossible(word)) {
        add(
            Severity.ERROR,
            geometry.laneOffset(lane),
            String.format(
                Locale.ROOT, "lane %d has 0x%x for an owner, which there cannot be", lane, word));
      } else if (isDead(lane)) {
        add(
            Severity.RECOVERABLE,
            geometry.laneOffset(lane),
            "lane " + lane + " is that of a dead process: recover() gives it up");
      }
    }
  }
}

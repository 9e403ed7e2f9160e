package dev.rszshm.allocator;

import dev.rszshm.allocator.internal.check.AllocatedBlocks;
import dev.rszshm.allocator.internal.lane.Guards;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.AllocatorLayout;
import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Participant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is in use in an allocator, counted by a walk over it. If others use it meanwhile, the
 * numbers are those of slightly different times.
 *
 * @param length bytes of the heap
 * @param metadata bytes of header and tables, as far as they are in use
 * @param chunks number of chunks that exist, of 65,536 bytes each
 * @param emptyChunks number of these that are empty
 * @param discardedChunks number of the empty ones that have no memory: it was not taken yet, or was
 *     given back
 * @param reservedChunks number of chunks that a thread is allocating or freeing
 * @param classes one for each block size that is in use
 * @param largeBlocks number of blocks longer than 256 KiB
 * @param largeBytes bytes of these
 * @param participants one for each participant that has lanes
 * @param recoveredLanes number of lanes of dead processes that were recovered since the heap was
 *     made
 * @param tags one for each tag and participant that has blocks, in an allocator that checks; empty
 *     otherwise
 * @param growths how often the heap has grown since it was made
 */
public record AllocatorStatistics(
    long length,
    long metadata,
    long chunks,
    long emptyChunks,
    long discardedChunks,
    long reservedChunks,
    List<SizeClassUse> classes,
    long largeBlocks,
    long largeBytes,
    List<ParticipantUse> participants,
    long recoveredLanes,
    List<TagUse> tags,
    long growths) {

  /**
   * Blocks of one size.
   *
   * @param size bytes of a block
   * @param slabs number of slabs
   * @param used number of blocks in use
   * @param capacity number of blocks the slabs have
   */
  public record SizeClassUse(int size, long slabs, long used, long capacity) {}

  /**
   * What a participant has.
   *
   * @param slot of the participant
   * @param generation of the participant
   * @param name of the participant, if it is attached
   * @param lanes number of threads that allocate
   * @param slabs number of slabs they allocate from
   */
  public record ParticipantUse(int slot, int generation, String name, int lanes, long slabs) {}

  /**
   * What was allocated with a tag by a participant.
   *
   * @param tag the tag, 0 for none; see {@link Allocator#runTagged}
   * @param participant the {@link Participant#tag} of whoever allocated it, dead or alive
   * @param blocks number of blocks
   * @param bytes their lengths, with what the allocator adds
   */
  public record TagUse(int tag, int participant, long blocks, long bytes) {}

  /** Returns the number of bytes of all blocks in use. */
  public long used() {
    return classes.stream().mapToLong(c -> c.size() * c.used()).sum() + largeBytes;
  }

  /**
   * Returns the part of the chunks in use that is in no block: 0 if all slabs are full, near 1 if
   * they are almost empty.
   */
  public double fragmentation() {
    long taken = (chunks - emptyChunks) << SizeClasses.CHUNK_SHIFT;
    return taken == 0 ? 0 : 1 - (double) used() / taken;
  }

  static AllocatorStatistics of(Tables tables) {
    Counter counter = new Counter(tables);
    counter.walk();
    return counter.statistics();
  }

  /**
   * Bytes of header and tables, for so many chunks and lanes, and the roots that were ever used.
   */
  static long metadata(Tables tables, long chunks, long lanes) {
    AllocatorGeometry geometry = tables.geometry;
    long groups = (chunks + 63) >>> HintLayout.GROUP_SHIFT;
    return geometry.rootOffset(tables.rootFrontier())
        + lanes * LaneLayout.LENGTH
        + chunks * (ChunkLayout.OWNER_LENGTH + ChunkLayout.DESCRIPTOR_LENGTH)
        + groups * HintLayout.GROUP_LENGTH;
  }

  private static final class Counter {
    private final Tables tables;
    private final int frontier;
    private final long[] slabs = new long[SizeClasses.COUNT];
    private final long[] used = new long[SizeClasses.COUNT];
    private final long[] slabsOfLane;
    private long empty;
    private long discarded;
    private long reserved;
    private long largeBlocks;
    private long largeChunks;

    Counter(Tables tables) {
      this.tables = tables;
      this.frontier = tables.frontier();
      this.slabsOfLane = new long[OwnerWord.MAX_LANES + 1];
    }

    void walk() {
      for (int chunk = 0; chunk < frontier; chunk++) {
        long word = tables.owner(chunk);
        switch (OwnerWord.state(word)) {
          case OwnerWord.EMPTY -> {
            empty++;
            discarded += OwnerWord.isBacked(word) ? 0 : 1;
          }
          case OwnerWord.RESERVED, OwnerWord.FREEING -> reserved++;
          case OwnerWord.LARGE -> {
            largeBlocks++;
            largeChunks += Math.min(OwnerWord.aux(word), frontier - chunk);
          }
          case OwnerWord.ACTIVE, OwnerWord.FULL, OwnerWord.PARTIAL -> countSlab(chunk, word);
          default -> {
            // Chunks behind the first are counted with it.
          }
        }
      }
    }

    private void countSlab(int chunk, long word) {
      int sizeClass = OwnerWord.sizeClass(word);
      if (sizeClass >= SizeClasses.COUNT) {
        return; // damaged: check() says so
      }
      slabs[sizeClass]++;
      slabsOfLane[OwnerWord.lane(word)]++;
      for (int i = Tables.words(sizeClass) - 1; i >= 0; i--) {
        long local = tables.heap.getLongAcquire(tables.local(chunk, i));
        long remote = tables.heap.getLongAcquire(tables.remote(chunk, i));
        used[sizeClass] += Long.bitCount(local & ~remote);
      }
    }

    AllocatorStatistics statistics() {
      List<SizeClassUse> classes = new ArrayList<>();
      for (int i = 0; i < SizeClasses.COUNT; i++) {
        if (slabs[i] > 0) {
          long capacity = slabs[i] * SizeClasses.blocks(i);
          classes.add(new SizeClassUse(SizeClasses.size(i), slabs[i], used[i], capacity));
        }
      }
      return new AllocatorStatistics(
          tables.heap.length(),
          metadata(tables, frontier, tables.laneFrontier()),
          frontier,
          empty,
          discarded,
          reserved,
          List.copyOf(classes),
          largeBlocks,
          largeChunks << SizeClasses.CHUNK_SHIFT,
          participants(),
          tables.number(AllocatorLayout.RECOVERIES),
          tags(),
          tables.heap.growths());
    }

    private List<TagUse> tags() {
      if (!tables.checking) {
        return List.of();
      }
      Map<Long, long[]> uses = new TreeMap<>();
      AllocatedBlocks.forEach(
          tables,
          (offset, length) -> {
            if (Guards.isLabeled(tables.heap, offset, length)) {
              long label = Guards.label(tables.heap, offset, length);
              long[] use = uses.computeIfAbsent(label, l -> new long[2]);
              use[0]++;
              use[1] += length;
            }
          });
      List<TagUse> found = new ArrayList<>();
      uses.forEach(
          (label, use) ->
              found.add(
                  new TagUse(Guards.tagOf(label), Guards.participantOf(label), use[0], use[1])));
      return List.copyOf(found);
    }

    private List<ParticipantUse> participants() {
      Map<Long, int[]> lanes = new TreeMap<>();
      int end = tables.laneFrontier();
      for (int lane = 1; lane <= end; lane++) {
        long word = tables.heap.getLongAcquire(tables.geometry.laneOffset(lane) + LaneLayout.WORD);
        if (LaneLayout.state(word) != LaneLayout.FREE) {
          int[] counts =
              lanes.computeIfAbsent(
                  LaneLayout.word(0, LaneLayout.participant(word), LaneLayout.generation(word)),
                  key -> new int[2]);
          counts[0]++;
          counts[1] += (int) slabsOfLane[lane];
        }
      }
      List<Participant> attached = tables.heap.participants();
      List<ParticipantUse> found = new ArrayList<>();
      lanes.forEach((key, counts) -> found.add(use(key, counts, attached)));
      return List.copyOf(found);
    }

    private static ParticipantUse use(long key, int[] counts, List<Participant> attached) {
      int slot = LaneLayout.participant(key);
      int generation = LaneLayout.generation(key);
      String name =
          attached.stream()
              .filter(p -> p.slot() == slot && p.generation() == generation)
              .map(Participant::name)
              .findFirst()
              .orElse("");
      return new ParticipantUse(slot, generation, name, counts[0], counts[1]);
    }
  }
}

package dev.rszshm.cli.picture;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorStatistics;
import dev.rszshm.allocator.ChunkUse;
import dev.rszshm.allocator.ChunkUse.State;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.cli.Json;
import dev.rszshm.cli.file.DataRanges;
import dev.rszshm.cli.file.DataRanges.Range;
import dev.rszshm.cli.kind.Kinds;
import dev.rszshm.cli.kind.Root;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a picture of a heap shows.
 *
 * <p>Chunks are gathered in cells, each of the same number of chunks, so that a heap of any length
 * is a picture of one size.
 *
 * @param path the file
 * @param length bytes of the heap
 * @param span bytes it can grow to
 * @param dataOffset where header and participants end
 * @param chunkOffset where tables end and chunks begin; the length if there is no allocator
 * @param memory the ranges that have memory
 * @param cells the chunks, gathered
 * @param chunksInCell how many chunks a cell stands for
 * @param statistics of the allocator, if there is one
 * @param largestFree bytes of the longest row of empty chunks
 * @param roots what has a name, by offset
 * @param participants who is attached
 */
public record HeapMap(
    String path,
    long length,
    long span,
    long dataOffset,
    long chunkOffset,
    List<Range> memory,
    List<Cell> cells,
    int chunksInCell,
    Optional<AllocatorStatistics> statistics,
    long largestFree,
    List<NamedPlace> roots,
    List<Participant> participants) {

  /** A root. */
  public record NamedPlace(String name, long offset, String text) {}

  /** Some chunks. */
  public static final class Cell {
    final long offset;
    long length;
    long empty;
    long discarded;
    long slabs;
    long large;
    long changing;
    long used;
    long room;
    final StringBuilder parts = new StringBuilder();
    private int partCount;

    Cell(long offset) {
      this.offset = offset;
    }

    private void add(ChunkUse use, long bytes) {
      length += bytes;
      switch (use.state()) {
        case EMPTY -> empty += bytes;
        case DISCARDED -> discarded += bytes;
        case SLAB -> {
          slabs += bytes;
          long share = bytes * use.used() / Math.max(1, use.capacity());
          used += share;
          room += bytes;
        }
        case LARGE -> {
          large += bytes;
          used += bytes;
          room += bytes;
        }
        case CHANGING -> changing += bytes;
      }
      if (partCount++ < MOST_PARTS) {
        parts.append(parts.isEmpty() ? "" : "; ").append(describe(use));
      } else if (partCount == MOST_PARTS + 1) {
        parts.append("; …");
      }
    }

    private static String describe(ChunkUse use) {
      String owner = use.owner().isPresent() ? ", of participant " + use.owner().getAsInt() : "";
      return switch (use.state()) {
        case EMPTY -> "empty";
        case DISCARDED -> "empty, without memory";
        case SLAB ->
            use.used() + " of " + use.capacity() + " blocks of " + use.blockSize() + " B" + owner;
        case LARGE -> "part of a block of " + use.blockSize() + " B";
        case CHANGING -> "being changed" + owner;
      };
    }

    /** Returns it as JSON: bytes of each kind. */
    public Map<String, Object> json() {
      return Json.object(
          "offset", offset,
          "empty", empty,
          "withoutMemory", discarded,
          "slabs", slabs,
          "large", large,
          "changing", changing,
          "used", used);
    }

    /** What most of it is; what is in use is not to be overlooked, but for the end of a block. */
    State state() {
      if (large > slabs && large * 4 >= length) {
        return State.LARGE;
      }
      if (slabs > 0) {
        return State.SLAB;
      }
      long most = Math.max(Math.max(empty, discarded), changing);
      return most == empty ? State.EMPTY : most == discarded ? State.DISCARDED : State.CHANGING;
    }

    /** How much of its slabs and blocks is in use, 0 to 1. */
    double fillOfBlocks() {
      return room == 0 ? 0 : Math.min(1, (double) used / room);
    }

    /** How much of it is in use, 0 to 1. */
    double fill() {
      return length == 0 ? 0 : Math.min(1, (double) used / length);
    }
  }

  private static final int MOST_PARTS = 4;
  private static final int MOST_CELLS = 64 * 32;

  /** Looks at a heap. */
  public static HeapMap of(Heap heap, Optional<Allocator> allocator) {
    List<Cell> cells = new ArrayList<>();
    long[] run = {0, 0}; // of empty chunks: here, longest
    Optional<AllocatorStatistics> statistics = allocator.map(Allocator::statistics);
    long chunks = statistics.map(AllocatorStatistics::chunks).orElse(0L);
    int perCell = 1;
    while (chunks > (long) perCell * MOST_CELLS) {
      perCell *= 2;
    }
    long cellLength = (long) perCell * ChunkUse.CHUNK_LENGTH;
    long[] begin = {-1};
    allocator.ifPresent(
        a ->
            a.forEachChunk(
                use -> {
                  begin[0] = begin[0] < 0 ? use.offset() : begin[0];
                  boolean free = use.state() == State.EMPTY || use.state() == State.DISCARDED;
                  run[0] = free ? run[0] + use.length() : 0;
                  run[1] = Math.max(run[1], run[0]);
                  addTo(cells, begin[0], cellLength, use);
                }));
    return new HeapMap(
        heap.path().toString(),
        heap.length(),
        heap.span(),
        heap.dataOffset(),
        begin[0] < 0 ? heap.length() : begin[0],
        DataRanges.of(heap.path(), heap.length()),
        cells,
        perCell,
        statistics,
        run[1],
        allocator.map(HeapMap::places).orElse(List.of()),
        heap.participants());
  }

  private static void addTo(List<Cell> cells, long begin, long cellLength, ChunkUse use) {
    long at = use.offset();
    long end = use.offset() + use.length();
    while (at < end) {
      int index = (int) ((at - begin) / cellLength);
      while (cells.size() <= index) {
        cells.add(new Cell(begin + cells.size() * cellLength));
      }
      long part = Math.min(end, begin + (index + 1) * cellLength) - at;
      cells.get(index).add(use, part);
      at += part;
    }
  }

  private static List<NamedPlace> places(Allocator allocator) {
    List<NamedPlace> places = new ArrayList<>();
    for (RootEntry entry : allocator.roots()) {
      Root root = new Root(allocator, entry);
      try {
        places.add(new NamedPlace(entry.name(), root.block(), Kinds.describe(root).text()));
      } catch (RuntimeException e) {
        places.add(new NamedPlace(entry.name(), 0, "cannot be read"));
      }
    }
    places.sort(Comparator.comparingLong(NamedPlace::offset));
    return places;
  }

  /** Returns how many bytes have memory. */
  public long memoryBytes() {
    return memory.stream().mapToLong(Range::length).sum();
  }
}

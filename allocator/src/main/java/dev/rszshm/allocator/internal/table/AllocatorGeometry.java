package dev.rszshm.allocator.internal.table;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of an allocator lie in a heap. All follows from the data offset and the span, so
 * that any number of processes may set an allocator up at once, with the same result.
 */
public record AllocatorGeometry(
    long base,
    long summary,
    long roots,
    long lanes,
    long owners,
    long hints,
    long descriptors,
    long chunks,
    int rootCount,
    int laneCount,
    int chunkCount) {
  private static final int PAGE = 4096;
  private static final int MIN_LANES = 16;
  private static final int MIN_ROOTS = 32;
  private static final int MAX_ROOTS = 1024;

  // What a record has of its own is put together at its first use, which takes milliseconds of the
  // start of each process that attaches.

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AllocatorGeometry that && Arrays.equals(numbers(), that.numbers());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers());
  }

  private long[] numbers() {
    return new long[] {
      base,
      summary,
      roots,
      lanes,
      owners,
      hints,
      descriptors,
      chunks,
      rootCount,
      laneCount,
      chunkCount
    };
  }

  /**
   * Computes it.
   *
   * @throws IllegalArgumentException if the span has no room for a single chunk
   */
  public static AllocatorGeometry of(long data, long span) {
    long each = SizeClasses.CHUNK + ChunkLayout.DESCRIPTOR_LENGTH + ChunkLayout.OWNER_LENGTH;
    long count = Math.min(OwnerWord.MAX_AUX, (span - data) / each);
    while (count > 0) {
      AllocatorGeometry geometry = lay(data, (int) count);
      long end = geometry.chunkOffset(geometry.chunkCount);
      if (end <= span) {
        return geometry;
      }
      count -= Math.max(1, (end - span) / (2L * SizeClasses.CHUNK));
    }
    throw new IllegalArgumentException(
        "a span of "
            + span
            + " bytes has no room for an allocator, which needs "
            + lay(data, 1).chunkOffset(1)
            + " for its tables and one chunk: make the heap with a larger span");
  }

  private static AllocatorGeometry lay(long data, int chunkCount) {
    long groups = groups(chunkCount);
    int rootCount = Math.max(MIN_ROOTS, Math.min(MAX_ROOTS, chunkCount / 4));
    int laneCount = Math.max(MIN_LANES, Math.min(OwnerWord.MAX_LANES, chunkCount / 4));
    long summary = data + AllocatorLayout.LENGTH;
    long roots = up(summary + 8L * HintLayout.KINDS * groups(groups), PAGE);
    long lanes = up(roots + (long) rootCount * RootLayout.LENGTH, PAGE);
    long owners = up(lanes + (long) laneCount * LaneLayout.LENGTH, PAGE);
    long hints = up(owners + (long) chunkCount * ChunkLayout.OWNER_LENGTH, PAGE);
    long descriptors = up(hints + groups * HintLayout.GROUP_LENGTH, PAGE);
    long chunks =
        up(descriptors + (long) chunkCount * ChunkLayout.DESCRIPTOR_LENGTH, SizeClasses.CHUNK);
    return new AllocatorGeometry(
        data,
        summary,
        roots,
        lanes,
        owners,
        hints,
        descriptors,
        chunks,
        rootCount,
        laneCount,
        chunkCount);
  }

  private static long groups(long members) {
    return (members + 63) >>> HintLayout.GROUP_SHIFT;
  }

  private static long up(long offset, int unit) {
    return (offset + unit - 1) / unit * unit;
  }

  /** Returns the word at an offset of the own page that follows from this; 0 if none does. */
  long word(int offset) {
    return switch (offset) {
      case AllocatorLayout.SUMMARY -> summary;
      case AllocatorLayout.ROOTS -> roots;
      case AllocatorLayout.LANES -> lanes;
      case AllocatorLayout.OWNERS -> owners;
      case AllocatorLayout.HINTS -> hints;
      case AllocatorLayout.DESCRIPTORS -> descriptors;
      case AllocatorLayout.CHUNKS -> chunks;
      case AllocatorLayout.ROOT_COUNT -> (long) laneCount << Integer.SIZE | rootCount;
      case AllocatorLayout.CHUNK_COUNT -> chunkCount;
      default -> 0;
    };
  }

  /** Number of groups of 64 chunks. */
  int groupCount() {
    return (int) groups(chunkCount);
  }

  /** Number of summary words of one kind. */
  public int summaryWords() {
    return (int) groups(groupCount());
  }

  public long chunkOffset(long chunk) {
    return chunks + (chunk << SizeClasses.CHUNK_SHIFT);
  }

  public long ownerOffset(long chunk) {
    return owners + chunk * ChunkLayout.OWNER_LENGTH;
  }

  public long descriptorOffset(long chunk) {
    return descriptors + chunk * ChunkLayout.DESCRIPTOR_LENGTH;
  }

  public long laneOffset(int lane) {
    return lanes + (lane - 1L) * LaneLayout.LENGTH;
  }

  public long rootOffset(int root) {
    return roots + (long) root * RootLayout.LENGTH;
  }

  public long groupOffset(long group, int kind) {
    return hints + group * HintLayout.GROUP_LENGTH + 8L * kind;
  }

  public long summaryOffset(int kind, int word) {
    return summary + 8L * ((long) kind * summaryWords() + word);
  }
}

package dev.rszshm.structures.map;

import java.util.List;

/**
 * What {@link SharedMap#check} has found.
 *
 * @param entries number of entries, counted one by one
 * @param entryBytes bytes of their blocks, as far as they are used
 * @param buckets number of buckets
 * @param lines number of lines, of 64 bytes each, behind the first ones of the buckets
 * @param segments number of blocks that hold first lines
 * @param segmentBytes bytes of these
 * @param spares number of blocks that are kept for the next entry, at most one for each shard
 * @param retired number of blocks that are out of the map and not freed yet, because somebody reads
 *     them in place or has just done so; at most 64 for each shard
 * @param pinned number of values that are being read in place
 * @param settled number of shards in which somebody had left work that was ended now
 * @param findings what is wrong; nothing in a sound map
 */
public record MapCheck(
    long entries,
    long entryBytes,
    long buckets,
    long lines,
    long segments,
    long segmentBytes,
    long spares,
    long retired,
    int pinned,
    int settled,
    List<String> findings) {
  /** Copies the list. */
  public MapCheck {
    findings = List.copyOf(findings);
  }

  /** Whether nothing is wrong. */
  public boolean isSound() {
    return findings.isEmpty();
  }

  /** The number of blocks of the allocator that the map has, its own place not counted. */
  public long blocks() {
    return entries + lines + segments + spares + retired;
  }
}

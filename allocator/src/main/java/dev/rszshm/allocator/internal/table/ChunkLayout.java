package dev.rszshm.allocator.internal.table;

/**
 * What is kept of a chunk, apart from it: a word in the owner table and a descriptor. Of chunks
 * that belong together, the descriptor of the first counts.
 *
 * <pre>
 * Descriptor
 * OFFSET SIZE DESCRIPTION
 *      0  512 local bitmap: a bit for each block that is in use; written by the slab's owner only
 *    512  512 remote bitmap: a bit for each block that another than the owner has freed; set by
 *             compare-and-set by anybody, cleared by the owner, after the local bit
 * </pre>
 */
public final class ChunkLayout {
  public static final int OWNER_LENGTH = 8;

  public static final int LOCAL = 0;
  public static final int REMOTE = 512;
  public static final int DESCRIPTOR_LENGTH = 1024;

  /** Bits in a bitmap. */
  public static final int MAX_BLOCKS = 4096;

  private ChunkLayout() {}
}

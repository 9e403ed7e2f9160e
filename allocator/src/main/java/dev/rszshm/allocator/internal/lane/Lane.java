package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.errors.LaneLostException;
import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.HintLayout;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.LaneLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.errors.OutOfSpaceException;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/*
 * The place of a thread in the allocator: the slabs it allocates from.
 *
 * Layout
 * ------
 * Shared: LaneLayout, and for each slab an owner word ACTIVE(lane) and its bitmaps (ChunkLayout). Only the
 * lane's thread changes the local bitmaps of its slabs, with plain loads and release stores: no atomic
 * change, on the way that is taken most.
 * Private: the slabs, for each size class one that is current, those with room, and those that were full.
 *
 * Protocol
 * --------
 * allocate:
 *  1 take one of the bits that are ready (ReadyBlocks): clear bits of a word of the current slab;
 *  2 set the first word of the block to zero: see ManagedReferences for what relies on that;
 *  3 set the bit, with release order.
 * free, by the owner of the slab: clear the bit, with release order.
 * Both are done without entering the lane if a block is ready, or its slab at hand, and the slab stays where
 * it is: whatever is thrown between two steps leaves nothing half done. Whether the lane was taken over, as if
 * its process had died, is looked at by each free, and by an allocation when blocks are made ready: until
 * then a lane that was buried alive may go on to allocate the few that are.
 * When no bit is ready: those of the same word if many are clear, otherwise of the next word of the current
 * slab that has any. When it is full: collect what others have freed in it (Tables.collect); take the next
 * with room; collect in a few of those that were full, the oldest first; take over a slab with room that
 * is nobody's; take empty chunks, and make them a slab. If there is none of that, the allocator recovers
 * what the dead had, and asks again with leave to let the heap grow.
 * give up a full slab (so that others may take it over when blocks are freed in it):
 *  1 ACTIVE to FULL by compare-and-set;
 *  2 read the remote bitmap again: blocks that were freed just before saw ACTIVE, and told nobody.
 *    If there are any: 3 FULL to PARTIAL by compare-and-set; 4 set its hint.
 *
 * If a process dies here
 * ----------------------
 * allocate: before 3 nothing has happened; after 3 the block is allocated, and nobody knows of it: the one
 *  block that a death can cost, unless it is allocated into a slot (ManagedReferences).
 * free: the block is free, or it is not.
 * A slab that is ACTIVE for a dead lane is collected by its recoverer, and becomes FULL, PARTIAL or EMPTY.
 * Giving up: after 1 to 3 the pending word names the chunk, and the recoverer does 2 to 4.
 *
 * From cxlalloc: metadata apart from data, and no atomic change on the local path. From LRMalloc: the
 * states FULL, PARTIAL, EMPTY. The remote bitmap and its collection without a log are new here.
 */
public final class Lane extends LaneEntry {
  /** Full slabs of a class that a lane keeps, to be the one that frees in them. */
  private static final int KEPT_FULL = 256;

  /** Full slabs that are asked for freed blocks before others are looked for. */
  private static final int PROBES = 8;

  private static final int NEAR = 1024;

  public final int number;

  /** What it is doing with references. */
  public final OperationRecord record;

  private final Tables tables;
  private final Memory memory;
  private final long base;
  private final AllocatorGeometry geometry;
  private final Hints hints;
  private final ChunkPool pool;
  private final long liveWord;

  /** Address of its word in the table of lanes. */
  private final long laneWord;

  private final long key;
  private final ReadyBlocks[] ready = new ReadyBlocks[SizeClasses.COUNT];

  /** The same by granules, for sizes up to {@link SizeClasses#SMALL}. */
  private final ReadyBlocks[] small =
      new ReadyBlocks[(SizeClasses.SMALL >> SizeClasses.GRANULE_SHIFT) + 1];

  private final SlabList[] withRoom = new SlabList[SizeClasses.COUNT];
  private final SlabList[] full = new SlabList[SizeClasses.COUNT];
  private @Nullable Slab[] slabs = new Slab[16];

  /** Slabs by the lower bits of their chunks' numbers; of two that share an entry, one. */
  private final Slab[] near = new Slab[NEAR];

  /** Slabs of other lanes in which this one frees blocks. */
  final FarSlabs far;

  private int firstFreeNumber;

  public Lane(
      int number,
      long liveWord,
      @Nullable Thread thread,
      Tables tables,
      Hints hints,
      ChunkPool pool) {
    super(tables.heap, thread);
    this.number = number;
    this.liveWord = liveWord;
    this.laneWord = heap.base() + tables.geometry.laneOffset(number) + LaneLayout.WORD;
    this.record = new OperationRecord(tables, number);
    this.tables = tables;
    this.memory = RawAccess.of(heap, Lane.class);
    this.base = heap.base();
    this.geometry = tables.geometry;
    this.hints = hints;
    this.pool = pool;
    this.key = OwnerWord.key(OwnerWord.ACTIVE, number);
    this.far = new FarSlabs(tables, hints, number);
    Arrays.fill(near, Slab.NONE);
    for (int i = 0; i < SizeClasses.COUNT; i++) {
      ready[i] = new ReadyBlocks(i);
      withRoom[i] = new SlabList(Slab.Place.WITH_ROOM);
      full[i] = new SlabList(Slab.Place.FULL);
    }
    for (int i = 0; i < small.length; i++) {
      small[i] = ready[SizeClasses.of(Math.max(1, i << SizeClasses.GRANULE_SHIFT))];
    }
  }

  /** The blocks of a size class that are ready. */
  public ReadyBlocks ready(int sizeClass) {
    return ready[sizeClass];
  }

  /** The blocks of a size, from 1 to {@link SizeClasses#SMALL} bytes, that are ready. */
  public ReadyBlocks readyFor(int size) {
    return small[size + SizeClasses.GRANULE - 1 >> SizeClasses.GRANULE_SHIFT];
  }

  /**
   * Makes blocks of the current slab ready, when none is. The heap must be open, and no operation
   * under way.
   *
   * @param memory of the heap
   * @return whether there are any; if not, nothing has changed
   */
  public boolean makeReady(Memory memory, ReadyBlocks blocks) {
    return blocks.slab != Slab.NONE
        && memory.getLongOpaque(laneWord) == liveWord
        && blocks.slab.makeReady(blocks, memory, false);
  }

  /**
   * Allocates a block.
   *
   * @param mayGrow whether the heap grows if there is no room
   * @return its offset; 0 if there is no room
   */
  long allocate(int sizeClass, boolean mayGrow) {
    ReadyBlocks blocks = ready[sizeClass];
    if (blocks.bits == 0) {
      if (!refill(blocks, mayGrow)) {
        return 0;
      }
      heap.requireWritable();
    }
    return take(memory, blocks);
  }

  /**
   * Allocates a block that is ready; there must be one. The heap must be open, and no operation
   * under way.
   *
   * @param memory of the heap
   * @return its offset
   */
  public long take(Memory memory, ReadyBlocks blocks) {
    long bits = blocks.bits;
    long offset = blocks.first + Long.numberOfTrailingZeros(bits) * blocks.size;
    long word = blocks.word;
    blocks.bits = bits & bits - 1;
    memory.putLong(base + offset, 0);
    memory.putLongRelease(word, memory.getLong(word) | bits & -bits);
    return offset;
  }

  /**
   * Makes blocks ready, when none is.
   *
   * @param mayGrow whether the heap grows if there is no room
   * @return whether there are any; if not, there is no room
   */
  boolean makeReady(int sizeClass, boolean mayGrow) {
    return refill(ready[sizeClass], mayGrow);
  }

  /** Whether a chunk's owner word says that it is a slab of this lane. */
  boolean owns(long word) {
    return (word & OwnerWord.KEY_MASK) == key;
  }

  /** The slab of an owner word that is this lane's; null if it has no such slab. */
  @Nullable Slab slab(long word) {
    int slab = (int) OwnerWord.aux(word);
    return slab < slabs.length ? slabs[slab] : null;
  }

  /**
   * Frees a block of a slab that is at hand: the way that is taken most. The heap must be open, and
   * no operation under way.
   *
   * @param memory of the heap
   * @return whether it was freed; if not, nothing has changed, and {@link Blocks#free} says more
   */
  public boolean freeNear(Memory memory, long offset) {
    if (memory.getLong(laneWord) != liveWord) {
      return false;
    }
    Slab slab = near[(int) (offset >>> SizeClasses.CHUNK_SHIFT) & NEAR - 1];
    long index = slab.find(offset);
    int surplus = slab.surplus;
    if (!Slab.mayHave(index) || surplus <= 0) {
      return false;
    }
    long word = slab.local + (index >>> 3 & -8L);
    long bits = memory.getLong(word);
    long bit = 1L << index;
    if ((bits & ~memory.getLong(word + ChunkLayout.REMOTE) & bit) == 0) {
      return false;
    }
    slab.surplus = surplus - 1;
    memory.putLongRelease(word, bits & ~bit);
    return true;
  }

  /** Whether a slab at hand has a block that begins at an offset. */
  public boolean isNear(long offset) {
    Slab slab = near[(int) (offset >>> SizeClasses.CHUNK_SHIFT) & NEAR - 1];
    return slab.has(slab.find(offset));
  }

  /** Clears the bit of a block; returns whether the block was in use. */
  private static boolean clear(Memory memory, Slab slab, long index) {
    long word = slab.local + (index >>> 3 & -8L);
    long bits = memory.getLong(word);
    long bit = 1L << index;
    if ((bits & ~memory.getLongOpaque(word + ChunkLayout.REMOTE) & bit) == 0) {
      return false;
    }
    memory.putLongRelease(word, bits & ~bit);
    return true;
  }

  /**
   * Frees a block of a slab of this lane.
   *
   * @param index of the block
   * @return whether it was in use
   */
  boolean free(Slab slab, long index) {
    if (!clear(memory, slab, index)) {
      return false;
    }
    if (--slab.surplus < 0) {
      settle(slab);
    }
    return true;
  }

  /** Puts a slab where it belongs after a block of it was freed. */
  private void settle(Slab slab) {
    if (slab.place == Slab.Place.CURRENT) {
      slab.moveTo(Slab.Place.CURRENT);
      return;
    }
    if (slab.place == Slab.Place.FULL) {
      full[slab.sizeClass].remove(slab);
      withRoom[slab.sizeClass].addLast(slab);
    }
    if (slab.used() == 0 && slab.place == Slab.Place.WITH_ROOM) {
      withRoom[slab.sizeClass].remove(slab);
      giveBack(slab);
    }
  }

  /** Makes blocks ready; false if there is no room. */
  private boolean refill(ReadyBlocks blocks, boolean mayGrow) {
    requireLive();
    int sizeClass = blocks.sizeClass;
    Slab current = blocks.slab;
    if (current != Slab.NONE) {
      tables.collect(current.chunk, sizeClass);
      if (makeReady(current, blocks, false)) {
        return true;
      }
      leave(blocks, current);
    }
    Slab slab = withRoom[sizeClass].removeFirst();
    slab = slab == null ? collected(sizeClass, PROBES, false) : slab;
    slab = slab == null ? adopted(sizeClass) : slab;
    slab = slab == null ? freshOrCollected(sizeClass, mayGrow) : slab;
    if (slab == null) {
      return false;
    }
    slab.moveTo(Slab.Place.CURRENT);
    blocks.slab = slab;
    if (!makeReady(slab, blocks, true)) {
      heap.requireOpen(); // or what was read is nothing
      throw new IllegalStateException("a slab said to have room has none: chunk " + slab.chunk);
    }
    giveUpOldest(sizeClass);
    return true;
  }

  private boolean makeReady(Slab slab, ReadyBlocks blocks, boolean any) {
    heap.requireWritable();
    return slab.makeReady(blocks, memory, any);
  }

  /** Puts a current slab, of which no block is ready, among the others. */
  private void leave(ReadyBlocks blocks, Slab slab) {
    blocks.clear();
    slab.moveTo(Slab.Place.NOWHERE);
    slab.setUsed(slab.blocks - slab.left());
    (slab.isNearlyFull() ? full : withRoom)[slab.sizeClass].addLast(slab);
  }

  /** Before there is no room, what others have freed in the lane's own slabs is room. */
  private @Nullable Slab freshOrCollected(int sizeClass, boolean mayGrow) {
    try {
      Slab slab = fresh(sizeClass, mayGrow);
      return slab == null && mayGrow ? collected(sizeClass, Integer.MAX_VALUE, true) : slab;
    } catch (OutOfSpaceException full) {
      Slab slab = collected(sizeClass, Integer.MAX_VALUE, true);
      if (slab == null) {
        throw full;
      }
      return slab;
    }
  }

  /** Fencing: whoever was taken for dead finds its slabs in other hands. */
  private void requireLive() {
    if (heap.getLongAcquire(laneWord - base) != liveWord) {
      heap.requireOpen(); // or what was read is nothing
      throw new LaneLostException(
          heap.path()
              + ": lane "
              + number
              + " was taken over, as if this process had died. Close the heap and attach again");
    }
  }

  /**
   * Collects what others have freed in some of the slabs that were full.
   *
   * @param any whether one free block is enough
   */
  private @Nullable Slab collected(int sizeClass, int probes, boolean any) {
    SlabList list = full[sizeClass];
    for (int i = Math.min(probes, list.size()); i > 0; i--) {
      Slab slab = Objects.requireNonNull(list.removeFirst());
      slab.surplus -= tables.collect(slab.chunk, sizeClass);
      if (any ? !slab.isFull() : !slab.isNearlyFull()) {
        return slab;
      }
      list.addLast(slab);
    }
    return null;
  }

  /** While a block is being filled none: if the filler dies, its slab must be the lane's. */
  private void giveUpOldest(int sizeClass) {
    while (!operating && full[sizeClass].size() > KEPT_FULL) {
      Slab slab = Objects.requireNonNull(full[sizeClass].removeFirst());
      slab.surplus -= tables.collect(slab.chunk, sizeClass);
      if (slab.isFull()) {
        giveUp(slab);
      } else {
        withRoom[sizeClass].addLast(slab);
      }
    }
  }

  /** Takes over a slab that is nobody's and has room; null if none is known. */
  private @Nullable Slab adopted(int sizeClass) {
    int kind = HintLayout.partial(sizeClass);
    int end = tables.frontier();
    for (long chunk = hints.next(kind, 0, end);
        chunk >= 0;
        chunk = hints.next(kind, chunk + 1, end)) {
      pool.setPending(number, chunk);
      long word = tables.owner(chunk);
      Slab slab = OwnerWord.sizeClass(word) == sizeClass ? takeOver((int) chunk, word) : null;
      if (slab == null) {
        hints.clear(kind, chunk);
        hints.repair(chunk, tables.owner(chunk));
      } else if (slab.isFull()) {
        full[sizeClass].addLast(slab);
      } else {
        return slab;
      }
    }
    return null;
  }

  /** Takes over a slab that is nobody's and said to have room; null if somebody was faster. */
  private @Nullable Slab takeOver(int chunk, long word) {
    int slabNumber = freeNumber();
    long chunks = OwnerWord.chunks(word);
    long mine = OwnerWord.adopt(word, number, slabNumber);
    if (OwnerWord.state(word) != OwnerWord.PARTIAL
        || chunks == 0
        || chunks > tables.frontier() - chunk
        || !tables.changeOwner(chunk, word, mine)) {
      return null;
    }
    int sizeClass = OwnerWord.sizeClass(word);
    hints.clear(HintLayout.partial(sizeClass), chunk);
    tables.collect(chunk, sizeClass);
    return add(chunk, mine, tables.used(chunk, sizeClass));
  }

  /** Makes a slab of empty chunks; null if there are none. */
  private @Nullable Slab fresh(int sizeClass, boolean mayGrow) {
    int chunks = SizeClasses.chunks(sizeClass);
    int chunk = pool.take(number, chunks, mayGrow);
    if (chunk < 0) {
      return null;
    }
    int slabNumber = freeNumber();
    long word = tables.owner(chunk);
    long mine =
        OwnerWord.of(OwnerWord.ACTIVE, sizeClass, number, OwnerWord.generation(word), slabNumber);
    tables.setOwner(chunk, mine);
    pool.join(number, chunk, 1, chunks);
    return add(chunk, mine, 0);
  }

  private int freeNumber() {
    while (firstFreeNumber < slabs.length && slabs[firstFreeNumber] != null) {
      firstFreeNumber++;
    }
    if (firstFreeNumber == slabs.length) {
      slabs = Arrays.copyOf(slabs, 2 * slabs.length);
    }
    return firstFreeNumber;
  }

  private Slab add(int chunk, long owner, int used) {
    heap.catchUp();
    Slab slab = new Slab(geometry, base, chunk, owner, used);
    slabs[slab.number] = slab;
    setNear(slab, slab);
    return slab;
  }

  private void drop(Slab slab) {
    setNear(slab, Slab.NONE);
    slabs[slab.number] = null;
    firstFreeNumber = Math.min(firstFreeNumber, slab.number);
  }

  /** Lets a slab be found by its chunks, or {@link Slab#NONE} again. */
  private void setNear(Slab slab, Slab found) {
    for (int i = SizeClasses.chunks(slab.sizeClass) - 1; i >= 0; i--) {
      int index = (int) (slab.base >>> SizeClasses.CHUNK_SHIFT) + i & NEAR - 1;
      if (found == slab || near[index] == slab) {
        near[index] = found;
      }
    }
  }

  /** Gives an empty slab back. */
  private void giveBack(Slab slab) {
    drop(slab);
    long word = tables.owner(slab.chunk);
    int chunks = SizeClasses.chunks(slab.sizeClass);
    if (chunks == 1) {
      pool.release(number, slab.chunk, word);
    } else {
      pool.setPending(number, slab.chunk);
      pool.release(number, slab.chunk, word, chunks);
    }
  }

  /** Takes over a slab that is nobody's if all its blocks are free, and gives its chunks back. */
  void giveBackIfEmpty(int chunk) {
    long word = tables.owner(chunk);
    int sizeClass = OwnerWord.sizeClass(word);
    if (OwnerWord.state(word) != OwnerWord.PARTIAL
        || OwnerWord.chunks(word) == 0
        || !tables.isEmpty(chunk, sizeClass)) {
      return;
    }
    pool.setPending(number, chunk);
    Slab slab = takeOver(chunk, word);
    if (slab == null) {
      return;
    }
    if (slab.used() == 0) {
      giveBack(slab);
    } else {
      (slab.isFull() ? full : withRoom)[sizeClass].addLast(slab);
    }
  }

  /** Gives a slab up that was full when it was last looked at. */
  private void giveUp(Slab slab) {
    drop(slab);
    pool.setPending(number, slab.chunk);
    long word = OwnerWord.adopt(tables.owner(slab.chunk), number, slab.number);
    if (tables.changeOwner(slab.chunk, word, OwnerWord.abandon(word, OwnerWord.FULL))) {
      RemoteFree.offerIfFreed(tables, hints, slab.chunk);
    }
  }

  /** Gives everything up that the lane has, at its end. */
  public void giveUpAll() {
    pool.settle(number);
    for (ReadyBlocks blocks : ready) {
      blocks.clear();
    }
    for (Slab slab : slabs.clone()) {
      if (slab == null) {
        continue;
      }
      tables.collect(slab.chunk, slab.sizeClass);
      slab.moveTo(Slab.Place.NOWHERE);
      slab.setUsed(tables.used(slab.chunk, slab.sizeClass));
      if (slab.used() == 0) {
        giveBack(slab);
      } else if (slab.isFull()) {
        giveUp(slab);
      } else {
        drop(slab);
        pool.setPending(number, slab.chunk);
        long word = OwnerWord.abandon(tables.owner(slab.chunk), OwnerWord.PARTIAL);
        tables.setOwner(slab.chunk, word);
        hints.set(HintLayout.partial(slab.sizeClass), slab.chunk);
      }
    }
  }
}

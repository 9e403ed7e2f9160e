package dev.rszshm.allocator;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.lane.BlockFinder;
import dev.rszshm.allocator.internal.lane.Blocks;
import dev.rszshm.allocator.internal.lane.Guards;
import dev.rszshm.allocator.internal.lane.Lane;
import dev.rszshm.allocator.internal.ownership.DeathNotice;
import dev.rszshm.allocator.internal.ownership.Lanes;
import dev.rszshm.allocator.internal.ownership.Recovery;
import dev.rszshm.allocator.internal.reference.ManagedReferences;
import dev.rszshm.allocator.internal.reference.ReferenceRecovery;
import dev.rszshm.allocator.internal.reference.Slots;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Allocates blocks of a heap, for all threads of all processes that have it.
 *
 * <pre>{@code
 * try (Heap heap = Heap.builder().open(path); Allocator allocator = Allocator.on(heap)) {
 *   long block = allocator.allocate(100);
 *   heap.putLong(block, 42);
 *   allocator.free(block);
 *
 *   long settings = allocator.place("settings", 1, 1, 4096);
 *   heap.putInt(settings, 7);
 * }
 * }</pre>
 *
 * <p>Blocks are named by offset, so that they mean the same in every process; {@link
 * Heap#toAddress} makes addresses of them. Every block begins at a multiple of 16. What a block
 * contains is not said unless zeros were asked for.
 *
 * <p>All methods may be called by any thread of any process at any time. A block may be freed by
 * another thread, or another process, than the one that allocated it. Nobody waits for anybody,
 * except to grow the heap and to change the roots; a process that is stopped or killed hinders
 * nobody. Freeing needs no memory, so it works when nothing is left.
 *
 * <p><b>If a process dies</b>, whatever it was doing, the allocator stays whole. Blocks it had
 * allocated stay allocated; in each thread it may cost the one block that {@link #allocate} was
 * about to return, or {@link #free} about to free. Where that is too much, references live in slots
 * of the heap: {@link #allocateInto}, {@link #freeFrom} and {@link #move} happen exactly once or
 * not at all. What the dead held is recovered by any survivor, when it attaches, before the heap
 * grows, or with {@link #recover}.
 *
 * <p>All methods throw {@link IllegalStateException} if the heap is closed, and those that change
 * something {@link ReadOnlyHeapException} if it is attached for reading only. Who meets words in
 * the tables that cannot be gets a {@link dev.rszshm.heap.errors.DamagedHeapException}; {@link
 * #check} tells what else is wrong.
 */
public final class Allocator implements Directory, AutoCloseable {

  private final Tables tables;
  private final Heap heap;
  private final Hints hints;
  private final ChunkPool pool;
  private final BlockFinder finder;
  private final Blocks blocks;
  private final Slots slots;
  private final ManagedReferences references;
  private final Roots roots;
  private final Guards guards;
  private final Recovery recovery;
  private final Lanes lanes;

  private Allocator(Heap heap, boolean checking) {
    this.heap = heap;
    this.tables = TableSetup.open(heap, checking);
    this.hints = new Hints(tables);
    this.pool = new ChunkPool(tables, hints);
    this.finder = new BlockFinder(tables);
    this.blocks = new Blocks(tables, hints, pool, finder);
    this.slots = new Slots(tables);
    this.guards = tables.checking ? new Guards(heap, finder) : null;
    Participant self = heap.self().orElse(null);
    ReferenceRecovery ending = new ReferenceRecovery(tables, blocks, finder, slots);
    this.recovery = new Recovery(tables, hints, pool, ending, self);
    this.roots = new Roots(tables, self, recovery::run);
    this.lanes = new Lanes(tables, hints, pool, self, recovery);
    this.references = new ManagedReferences(tables, blocks, finder, slots, lanes::recover);
    if (self != null) {
      recovery.run();
      DeathNotice.register(heap, recovery);
    }
  }

  /**
   * Uses the allocator of a heap, and sets one up if the heap has no content yet. Any number of
   * processes may do that at once.
   *
   * @throws NotAnAllocatorException if the heap has other content, or is a plain file
   * @throws IllegalArgumentException if the span of the heap is too small for an allocator
   */
  public static Allocator on(Heap heap) {
    return new Allocator(heap, false);
  }

  /**
   * As {@link #on}, and if one is set up, it checks: every block has guard bytes behind its end,
   * which are looked at when it is freed, and is filled with {@code 0xfd} then. Of two who free the
   * same block, even at the same instant, one is told. That costs 16 bytes a block, and time. An
   * allocator that is there stays what it is.
   */
  public static Allocator checking(Heap heap) {
    return new Allocator(heap, true);
  }

  /** The heap. */
  @Override
  public Heap heap() {
    return heap;
  }

  /** Whether the allocator of this heap checks; see {@link #checking}. */
  public boolean isChecking() {
    return guards != null;
  }

  /** What is done in a lane. */
  private interface LaneOperation {
    long perform(Lane lane);
  }

  /** Does something in the lane of the current thread. */
  private long inLane(boolean withRecord, LaneOperation operation) {
    Lane lane = withRecord ? lanes.enterForRecord() : lanes.enter();
    try {
      long result = operation.perform(lane);
      lane.done();
      return result;
    } catch (RuntimeException e) {
      throw lane.refused(e);
    } finally {
      if (lane.entered) { // without a call: the stack may have no room for one
        lane.cutShort = true;
      }
      lane.leave();
    }
  }

  /** Lets this thread have a lane, or throws what keeps it from that. */
  private void enterAndLeave() {
    inLane(false, lane -> 0);
  }

  /**
   * Allocates a block.
   *
   * @param size bytes; 0 counts as 1
   * @return its offset
   * @throws OutOfHeapMemoryException if there is no room, and the heap cannot grow
   */
  public long allocate(long size) {
    if (guards != null) {
      return guarded(size, 1);
    }
    long asked = requireSize(size);
    return inLane(false, lane -> allocate(lane, SizeClasses.of(asked), asked));
  }

  /** Allocates a block that contains zeros; otherwise as {@link #allocate}. */
  public long allocateZeroed(long size) {
    long block = allocate(size);
    blocks.zero(block, Math.max(1, size));
    return block;
  }

  /**
   * Allocates a block that begins at a multiple of a number.
   *
   * @param alignment a power of two up to 65,536; of the offset, and of the address where the
   *     heap's base is a multiple of it (heaps lie at multiples of 8 GiB unless an {@link
   *     dev.rszshm.heap.AddressScan} says otherwise)
   */
  public long allocateAligned(long size, long alignment) {
    if (alignment < 1 || alignment > SizeClasses.CHUNK || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException(
          "an alignment is a power of two up to " + SizeClasses.CHUNK + ", found " + alignment);
    }
    if (guards != null) {
      return guarded(size, alignment);
    }
    long asked = requireSize(size);
    return inLane(false, lane -> allocate(lane, SizeClasses.of(asked, alignment), asked));
  }

  private long allocate(Lane lane, int sizeClass, long size) {
    long block = blocks.allocate(lane, sizeClass, size, false);
    return block != 0 ? block : allocateGrowing(lane, sizeClass, size);
  }

  private long allocateGrowing(Lane lane, int sizeClass, long size) {
    relieve();
    return blocks.allocate(lane, sizeClass, size, true);
  }

  private long guarded(long size, long alignment) {
    long asked = requireSize(size);
    long room = asked + Guards.LENGTH;
    return inLane(
        false,
        lane -> {
          long block = allocate(lane, SizeClasses.of(room, alignment), room);
          guards.place(block, asked);
          return block;
        });
  }

  /** Sizes near the end of the numbers stay large when a guard is added. */
  private static long requireSize(long size) {
    if (size < 0) {
      throw new IllegalArgumentException(
          "a block of " + size + " bytes was asked for: a size is not negative");
    }
    return Math.max(1, Math.min(size, Long.MAX_VALUE - Guards.LENGTH));
  }

  /**
   * Makes a block longer or shorter, where it is if that can be done; otherwise what it contains is
   * copied to a new one, and the old one freed. If the process dies in it, the old block is there,
   * or the new one, or both.
   *
   * @param offset of the block; 0: allocates
   * @return the offset of the block now
   * @throws InvalidFreeException if there is no such block
   * @throws OutOfHeapMemoryException if there is no room; the block stays as it is
   */
  public long reallocate(long offset, long size) {
    if (offset == 0) {
      return allocate(size);
    }
    long old = usableSize(offset);
    long wanted = requireSize(size);
    if (wanted <= old && wanted > old / 2 && guards == null) {
      return offset;
    }
    if (guards == null && resizeRun(offset, old, wanted)) {
      return offset;
    }
    long block = allocate(size);
    boolean moved = false;
    try {
      heap.copy(offset, block, Math.min(old, wanted));
      free(offset);
      moved = true;
    } finally {
      if (!moved && heap.isOpen()) {
        free(block); // somebody else has freed the old one meanwhile
      }
    }
    return block;
  }

  private boolean resizeRun(long offset, long old, long size) {
    if (old <= SizeClasses.LARGEST || size <= SizeClasses.LARGEST) {
      return false;
    }
    return inLane(false, lane -> blocks.resizeRun(lane, offset, size) ? 1 : 0) != 0;
  }

  /**
   * Frees a block.
   *
   * @param offset of the block; 0: nothing happens
   * @throws InvalidFreeException if there is no such block, or it was freed before. Nothing is
   *     changed then. A block that was freed, allocated again by somebody and is freed a second
   *     time by the first cannot be told from a good one. If two threads free one block at the same
   *     instant, it may be that neither is told, and that the next one who gets the block has one
   *     that counts as free: an allocator that {@link #checking checks} tells one of the two
   */
  public void free(long offset) {
    if (offset == 0) {
      return;
    }
    inLane(
        false,
        lane -> {
          if (guards != null) {
            guards.free(offset);
          }
          blocks.free(lane, offset);
          return 0;
        });
  }

  /**
   * The bytes a block has: at least as many as were asked for, and all may be used.
   *
   * @throws InvalidFreeException if there is no such block
   */
  public long usableSize(long offset) {
    return guards == null ? finder.usableSize(offset) : guards.size(offset);
  }

  /**
   * Allocates a block and puts its reference into a slot, exactly once, whatever dies: either the
   * slot refers to the block, or the block is not allocated. The block contains zeros.
   *
   * @param slot offset of an aligned word of the heap that holds 0 or was written by these methods
   *     only; {@link #get} reads it
   * @return the block; 0 if the slot was not empty
   * @throws OutOfHeapMemoryException if there is no room
   * @throws NotASlotException if the word there is none that a slot holds
   */
  public long allocateInto(long slot, long size) {
    return allocateInto(slot, size, ManagedReferences.NOTHING);
  }

  /**
   * As {@link #allocateInto(long, long)}, and the block is filled before others can see it.
   *
   * @param filler writes into the block, whose offset it is given. If it throws, the block is
   *     freed. It may allocate and free, but not with slots
   */
  public long allocateInto(long slot, long size, LongConsumer filler) {
    long asked = requireSize(size);
    heap.getLongAcquire(slot); // throws if there can be none
    LongConsumer guarded = guards == null ? filler : guarded(asked, filler);
    long room = guards == null ? asked : asked + Guards.LENGTH;
    return inLane(true, lane -> allocateInto(lane, slot, room, asked, guarded));
  }

  private long allocateInto(Lane lane, long slot, long room, long zeros, LongConsumer filler) {
    long block = references.allocateInto(lane, slot, room, zeros, filler, false);
    if (block == ManagedReferences.NO_ROOM) {
      relieve();
      block = references.allocateInto(lane, slot, room, zeros, filler, true);
    }
    return block;
  }

  private LongConsumer guarded(long size, LongConsumer filler) {
    return block -> {
      guards.place(block, size);
      filler.accept(block);
    };
  }

  /**
   * The block a slot refers to; 0 if it is empty. Acquire order. A block that somebody is freeing
   * is in the slot no more; one that somebody is moving is there until it is in the other slot,
   * whether he lives or has died in it. Nothing is changed.
   *
   * @throws NotASlotException if the word there is none that a slot holds
   */
  public long get(long slot) {
    return slots.block(slot);
  }

  /**
   * Frees the block a slot refers to and empties the slot, exactly once, whatever dies. Of several
   * who do that at once, one does.
   *
   * @return whether there was a block, and nobody was freeing it or moving it away at that instant
   * @throws NotASlotException if the word there is none that a slot holds
   */
  public boolean freeFrom(long slot) {
    heap.getLongAcquire(slot); // throws if there can be none
    LongConsumer last = guards == null ? ManagedReferences.NOTHING : guards::free;
    return inLane(true, lane -> references.freeFrom(lane, slot, last) ? 1 : 0) != 0;
  }

  /**
   * Moves a reference from a slot to an empty one, exactly once, whatever dies: it is in one of the
   * two, and in no more than one.
   *
   * @return whether it was moved: the first held one that nobody was freeing or moving away at that
   *     instant, and the second was empty
   * @throws NotASlotException if the word in one of them is none that a slot holds
   */
  public boolean move(long source, long destination) {
    heap.getLongAcquire(source); // throws if there can be no slot
    heap.getLongAcquire(destination);
    return inLane(true, lane -> references.move(lane, source, destination) ? 1 : 0) != 0;
  }

  /**
   * Finds the block of a name, or allocates it, filled with zeros. Of several processes that do
   * that at once, all get the same.
   *
   * @param name 1 to 88 bytes in UTF-8
   * @param type what is in the block, a number of your choice; others must name the same
   * @param version of that
   * @param size bytes
   * @throws dev.rszshm.allocator.errors.RootMismatchException if it is there with another type,
   *     version or size
   * @throws dev.rszshm.allocator.errors.RootTableFullException if there are too many
   * @throws OutOfHeapMemoryException if there is no room
   */
  public RootEntry root(String name, long type, int version, long size) {
    if (!heap.isReadOnly()) {
      enterAndLeave();
    }
    return roots.findOrMake(name, type, version, size, this::allocateInto);
  }

  /**
   * Finds the block of a name, or allocates it, and returns its offset: {@link #root} and {@link
   * #get} in one.
   */
  @Override
  public long place(String name, long type, int version, long length, long alignment) {
    if (alignment < 1 || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException("an alignment is a power of two, found " + alignment);
    }
    long slack = Math.max(0, alignment - SizeClasses.GRANULE);
    long block = get(root(name, type, version, length + slack).slot());
    if (block <= 0) {
      throw new ConcurrentModificationException(
          "the root \""
              + name
              + "\" was removed while it was looked for: look again, or remove roots when nobody"
              + " uses them any more");
    }
    return (block + slack) & -Math.max(alignment, SizeClasses.GRANULE);
  }

  /** Finds a root; empty if there is none of this name. */
  public Optional<RootEntry> findRoot(String name) {
    return roots.find(name);
  }

  /** All roots, in no particular order. */
  public List<RootEntry> roots() {
    return roots.list();
  }

  /** Removes a root and frees its block; returns whether there was one. */
  public boolean removeRoot(String name) {
    enterAndLeave();
    return roots.remove(name, this::freeFrom);
  }

  /**
   * Gives up what dead processes held: completes or undoes what they were doing, and lets others
   * use their slabs. Happens by itself when a process attaches and before the heap grows.
   *
   * @return number of threads of theirs
   */
  public int recover() {
    enterAndLeave();
    lanes.releaseOfEndedThreads();
    return lanes.recoverBroken() + recovery.run();
  }

  /** Makes room before the heap grows: what the dead, and threads that have ended, had. */
  private void relieve() {
    lanes.releaseOfEndedThreads();
    lanes.recoverBroken();
    recovery.run();
  }

  /**
   * Gives the memory of empty chunks back to the file system. Much of it goes back by itself.
   *
   * @return bytes
   */
  public long trim() {
    return inLane(false, lane -> pool.trim(lane.number));
  }

  /** Counts what is in use, by walking over all of it while others go on. */
  public AllocatorStatistics statistics() {
    return AllocatorStatistics.of(tables);
  }

  /**
   * Walks over everything and explains every byte, the words of the allocator's own page included.
   * While others are at work, what they are about to change is not taken for damage: an error is
   * only told if a second look has confirmed it.
   */
  public AllocatorCheck check() {
    return AllocatorCheck.of(tables, roots);
  }

  /**
   * Gives back the lane of this thread and of threads that have ended, and lets this object do
   * nothing more. The heap stays open. Lanes of other threads are recovered when the heap is closed
   * here.
   */
  @Override
  public void close() {
    lanes.close();
  }
}

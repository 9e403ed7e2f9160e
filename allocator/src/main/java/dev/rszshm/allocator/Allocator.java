package dev.rszshm.allocator;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.allocator.internal.chunk.ChunkPool;
import dev.rszshm.allocator.internal.chunk.Shrinking;
import dev.rszshm.allocator.internal.lane.BlockFinder;
import dev.rszshm.allocator.internal.lane.Blocks;
import dev.rszshm.allocator.internal.lane.Guards;
import dev.rszshm.allocator.internal.lane.Lane;
import dev.rszshm.allocator.internal.lane.ReadyBlocks;
import dev.rszshm.allocator.internal.ownership.DeathNotice;
import dev.rszshm.allocator.internal.ownership.Lanes;
import dev.rszshm.allocator.internal.ownership.Recovery;
import dev.rszshm.allocator.internal.reference.ManagedReferences;
import dev.rszshm.allocator.internal.reference.ReferenceRecovery;
import dev.rszshm.allocator.internal.reference.Slots;
import dev.rszshm.allocator.internal.root.Roots;
import dev.rszshm.allocator.internal.settle.SlotSettling;
import dev.rszshm.allocator.internal.table.Hints;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.TableSetup;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Directory;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Layouts;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.internal.shrink.HeapShrinking;
import dev.rszshm.heap.internal.watch.Pending;
import dev.rszshm.heap.internal.watch.ReportKind;
import dev.rszshm.heap.internal.watch.Reports;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

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
 * <p>A block is identified by its offset, which is the same in every process; {@link
 * Heap#toAddress} returns its address. Every block begins at a multiple of 16. Its content is
 * undefined unless the method says that it is zero.
 *
 * <p>All methods may be called by any thread of any process at any time. A block may be freed by
 * another thread, or another process, than the one that allocated it. No thread waits for another,
 * except to grow the heap and to change the roots; a process that is stopped or killed delays no
 * other. Freeing needs no memory.
 *
 * <p><b>If a process dies</b> in any of these methods, the allocator stays whole. Blocks that the
 * process had allocated stay allocated, and for each of its threads the one block may be lost that
 * {@link #allocate} was about to return, or {@link #free} to free. Where nothing may be lost, keep
 * references in slots of the heap: {@link #allocateInto}, {@link #freeFrom} and {@link #move}
 * happen exactly once or not at all. What a dead process held is recovered by another when it
 * attaches, before it grows the heap, or when it calls {@link #recover}.
 *
 * <p>An allocator of a heap that is attached for reading only can be looked at: {@link #findRoot},
 * {@link #roots}, {@link #get}, {@link #usableSize}, {@link #statistics} and {@link #check} work,
 * {@link #root} and {@link #place} find what exists, and all else throws {@link
 * ReadOnlyHeapException}.
 *
 * <p>All methods throw {@link IllegalStateException} if the heap is closed, and {@link
 * dev.rszshm.heap.errors.DamagedHeapException} if they find a word in the tables that no correct
 * program can have written; {@link #check} tells what else is wrong.
 */
public final class Allocator implements Directory, AutoCloseable {
  static {
    SlotSettling.connect((allocator, slot) -> allocator.slots.settle(slot));
  }

  /** The memory of nearly all heaps: a constant, so that compiled code need not look at it. */
  private static final class Host {
    static final Memory MEMORY = Memory.host();
  }

  private final Tables tables;
  private final Heap heap;
  private final Memory memory;
  private final Hints hints;
  private final ChunkPool pool;
  private final BlockFinder finder;
  private final Blocks blocks;
  private final Slots slots;
  private final ManagedReferences references;
  private final Roots roots;
  private final @Nullable Guards guards;
  private final Recovery recovery;
  private final Lanes lanes;

  /** Whether blocks are neither guarded nor looked at for what is placed in them. */
  private final boolean unwatched;

  /**
   * The lane that was entered last, most likely the only one; null if there is no {@link #direct}
   * way to blocks.
   */
  private @Nullable Lane recent;

  private Allocator(Heap heap, boolean checking) {
    this.heap = heap;
    this.memory = RawAccess.of(heap, Allocator.class);
    this.tables = TableSetup.open(heap, checking);
    this.hints = new Hints(tables);
    this.pool = new ChunkPool(tables, hints);
    this.finder = new BlockFinder(tables);
    this.blocks = new Blocks(tables, hints, pool, finder);
    this.slots = new Slots(tables);
    Participant self = heap.self().orElse(null);
    int tag = self == null ? 0 : self.tag();
    this.guards = tables.checking ? new Guards(heap, finder, tag) : null;
    this.unwatched = guards == null && !heap.isCheckingOverlaps();
    ReferenceRecovery ending = new ReferenceRecovery(tables, blocks, finder, slots);
    this.recovery = new Recovery(tables, hints, pool, ending, self);
    this.roots = new Roots(tables, self, recovery::run);
    boolean direct = unwatched && memory == Host.MEMORY;
    this.lanes =
        new Lanes(tables, hints, pool, self, recovery, lane -> recent = direct ? lane : null);
    this.references = new ManagedReferences(tables, blocks, finder, slots, lanes::recover);
    if (self != null) {
      recovery.run();
      DeathNotice.register(heap, recovery);
    }
  }

  /**
   * Returns the allocator of a heap, and sets one up if the heap has no content yet. Any number of
   * processes may do that at once.
   *
   * @throws NotAnAllocatorException if the heap has other content, is a plain file, or has no
   *     allocator and is attached for reading only
   * @throws IllegalArgumentException if the heap has no allocator and its span is too small for one
   */
  public static Allocator on(Heap heap) {
    return new Allocator(heap, false);
  }

  /**
   * Returns the allocator of a heap, and sets up one that checks if the heap has no content yet.
   * Such an allocator puts guard bytes behind every block, looks at them when the block is freed,
   * and then fills the block with {@code 0xfd}. If two threads free the same block, even at the
   * same instant, one gets an exception. Each block also says which participant allocated it, and
   * with which tag ({@link #runTagged}), for {@link #statistics} and {@link LeakSearch}. That costs
   * 24 bytes for each block, and time. An allocator that exists already stays as it was set up.
   *
   * @throws NotAnAllocatorException as {@link #on} does
   * @throws IllegalArgumentException as {@link #on} does
   */
  public static Allocator checking(Heap heap) {
    return new Allocator(heap, true);
  }

  /**
   * Returns whether a heap has an allocator. One that is being set up does not count; one whose own
   * page is damaged in part does, so that a heap of which {@link #on} says that it has none can be
   * told from one that has lost it.
   */
  public static boolean isPresent(Heap heap) {
    return TableSetup.isPresent(heap);
  }

  /** Returns the heap. */
  @Override
  public Heap heap() {
    return heap;
  }

  /** Returns whether this allocator checks; see {@link #checking}. */
  public boolean isChecking() {
    return guards != null;
  }

  /** Returns the tables, for those who search. */
  Tables tables() {
    return tables;
  }

  /**
   * Runs a body; blocks that the current thread allocates meanwhile with this object, directly or
   * through structures, carry a tag: what they are for, in numbers of the caller's choice. {@link
   * #statistics} counts them, and {@link LeakSearch} names them. Without a tag it is 0. An
   * allocator that does not {@link #checking check} has no room for tags, and only runs the body.
   */
  public void runTagged(int tag, Runnable body) {
    if (guards == null) {
      body.run();
    } else {
      guards.runTagged(tag, body);
    }
  }

  /** As {@link Lanes#idle}, found sooner; null if blocks are watched, or not in real memory. */
  private @Nullable Lane direct() {
    Thread thread = Thread.currentThread();
    Lane lane = recent;
    if (lane == null || lane.idle == thread) {
      return lane;
    }
    return lanes.idle(thread);
  }

  /** As {@link Lanes#enter}, found sooner; null if it is not the lane that was entered last. */
  private @Nullable Lane enterRecent() {
    Lane lane = recent;
    return lane != null
            && lane.idle == Thread.currentThread()
            && RawAccess.isOpen(heap)
            && lane.begin()
        ? lane
        : null;
  }

  /** As {@link Lanes#enter}, found sooner. */
  private Lane enter() {
    Lane lane = enterRecent();
    return lane != null ? lane : lanes.enter();
  }

  /** As {@link Lanes#enterForRecord}, found sooner. */
  private Lane enterForRecord() {
    Lane lane = enterRecent();
    return lane != null ? lane : lanes.enterForRecord();
  }

  /** What is done in a lane. */
  private interface LaneOperation {
    long perform(Lane lane);
  }

  /** Does something in the lane of the current thread. */
  private long inLane(boolean withRecord, LaneOperation operation) {
    Lane lane = withRecord ? enterForRecord() : enter();
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
   * Allocates a block. If the process dies in this method, the block may stay allocated and be
   * lost; {@link #allocateInto} loses nothing.
   *
   * @param size the least length of the block in bytes; 0 counts as 1
   * @return its offset
   * @throws OutOfHeapMemoryException if there is no room, and the heap cannot grow
   * @throws IllegalArgumentException if the size is negative
   */
  public long allocate(long size) {
    Lane lane = direct();
    if (lane != null && SizeClasses.isSmall(size) && RawAccess.isOpen(heap)) {
      ReadyBlocks ready = lane.readyFor((int) size);
      if (!ready.isEmpty()) {
        return lane.take(Host.MEMORY, ready);
      }
    }
    return allocateElsewhere(size);
  }

  /** Allocates a block that is not ready. */
  private long allocateElsewhere(long size) {
    Lane lane = unwatched && SizeClasses.isSmall(size) ? lanes.idle() : null;
    if (lane != null && RawAccess.isOpen(heap)) {
      ReadyBlocks ready = lane.readyFor((int) size);
      if (!ready.isEmpty() || (lane.makeReady(memory, ready) && RawAccess.isOpen(heap))) {
        return lane.take(memory, ready);
      }
    }
    return allocateInLane(size);
  }

  private long allocateInLane(long size) {
    if (guards != null) {
      return allocateGuarded(guards, size, 1);
    }
    long asked = requireSize(size);
    Lane lane = enter(); // as inLane, without an object for each block
    try {
      long block = allocate(lane, SizeClasses.of(asked), asked);
      lane.done();
      return withoutPlaces(block);
    } catch (RuntimeException e) {
      throw lane.refused(e);
    } finally {
      if (lane.entered) {
        lane.cutShort = true;
      }
      lane.leave();
    }
  }

  /**
   * Allocates a block of zeros.
   *
   * @see #allocate
   */
  public long allocateZeroed(long size) {
    long block = allocate(size);
    blocks.zero(block, Math.max(1, size));
    return block;
  }

  /**
   * Allocates a block whose offset is a multiple of a number. Its address is one too if that of the
   * heap is (heaps lie at multiples of 1 GiB unless an {@link dev.rszshm.heap.AddressScan} says
   * otherwise).
   *
   * @param alignment a power of two up to 65,536
   * @throws IllegalArgumentException if the alignment is another number, or the size is negative
   * @see #allocate
   */
  public long allocateAligned(long size, long alignment) {
    if (alignment < 1 || alignment > SizeClasses.CHUNK || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException(
          "an alignment must be a power of two up to "
              + SizeClasses.CHUNK
              + ", found "
              + alignment);
    }
    if (guards != null) {
      return allocateGuarded(guards, size, alignment);
    }
    long asked = requireSize(size);
    return inLane(
        false, lane -> withoutPlaces(allocate(lane, SizeClasses.of(asked, alignment), asked)));
  }

  /**
   * Allocates a block that shares no cache line with another, so that threads that write to
   * different blocks do not slow each other down: aligned to {@link Layouts#SEPARATION}, and of a
   * length that is a multiple of it.
   *
   * @throws IllegalArgumentException if the size is negative
   * @see #allocate
   */
  public long allocateSeparate(long size) {
    long asked = requireSize(size);
    boolean rounds = asked <= Long.MAX_VALUE - Layouts.SEPARATION;
    return allocateAligned(
        rounds ? Layouts.alignUp(asked, Layouts.SEPARATION) : asked, Layouts.SEPARATION);
  }

  private long allocate(Lane lane, int sizeClass, long size) {
    long block = blocks.allocate(lane, sizeClass, size, false);
    return block != 0 ? block : allocateGrowing(lane, sizeClass, size);
  }

  private long allocateGrowing(Lane lane, int sizeClass, long size) {
    Reports reports = Reports.of(heap);
    Pending pending = reports.begin(ReportKind.ALLOCATION);
    boolean done = false;
    try {
      relieve();
      long block = blocks.allocate(lane, sizeClass, size, true);
      done = true;
      return block;
    } finally {
      reports.allocated(pending, size, done);
    }
  }

  private long allocateGuarded(Guards guard, long size, long alignment) {
    long asked = requireSize(size);
    long room = asked + Guards.LENGTH;
    return inLane(
        false,
        lane -> {
          long block = allocate(lane, SizeClasses.of(room, alignment), room);
          guard.place(block, asked);
          return withoutPlaces(block);
        });
  }

  /** A new block has no object in it, whatever was placed there before. */
  private long withoutPlaces(long block) {
    if (heap.isCheckingOverlaps()) {
      heap.forgetPlaces(block, usableSize(block));
    }
    return block;
  }

  /** Sizes near the end of the numbers stay large when a guard is added. */
  private static long requireSize(long size) {
    if (size < 0) {
      throw new IllegalArgumentException(
          "a block cannot have " + size + " bytes: the size must not be negative");
    }
    return Math.max(1, Math.min(size, Long.MAX_VALUE - Guards.LENGTH));
  }

  /**
   * Changes the size of a block. The block stays where it is if that is possible; otherwise a new
   * one is allocated, the content copied, and the old one freed. If the process dies in this
   * method, the old block exists, or the new one, or both.
   *
   * @param offset the offset of the block; if it is 0, a block is allocated
   * @return the offset of the block, or of the new one
   * @throws InvalidFreeException if there is no such block
   * @throws OutOfHeapMemoryException if there is no room; the block stays as it is
   * @throws IllegalArgumentException if the size is negative
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
   * Frees a block. If the process dies in this method, the block may stay allocated and be lost;
   * {@link #freeFrom} loses nothing.
   *
   * <p>A block that is freed twice is not always noticed. If it was allocated again in between, the
   * second call frees the block of the new owner. If two threads free it at the same instant, it
   * may be that neither gets an exception, and that the next owner of the block has one that counts
   * as free; an allocator that {@link #checking checks} notices that.
   *
   * @param offset the offset of the block; if it is 0, nothing happens
   * @throws InvalidFreeException if there is no such block, or it was freed before. Nothing is
   *     changed then
   */
  public void free(long offset) {
    Lane lane = direct();
    if (lane == null) {
      freeWatched(offset);
    } else if (!RawAccess.isOpen(heap) || !lane.freeNear(Host.MEMORY, offset)) {
      freeInLane(offset);
    }
  }

  /** Frees a block where there is no {@link #direct} way to it. */
  private void freeWatched(long offset) {
    Lane lane = guards == null ? lanes.idle() : null;
    if (lane == null || !RawAccess.isOpen(heap) || !lane.freeNear(memory, offset)) {
      freeInLane(offset);
    }
  }

  private void freeInLane(long offset) {
    if (offset == 0) {
      return;
    }
    Lane lane = enter(); // as inLane, without an object for each block
    try {
      if (guards != null) {
        guards.free(offset);
      }
      blocks.free(lane, offset);
      lane.done();
    } catch (RuntimeException e) {
      throw lane.refused(e);
    } finally {
      if (lane.entered) {
        lane.cutShort = true;
      }
      lane.leave();
    }
  }

  /**
   * Returns the length of a block in bytes: at least the size that was asked for. All bytes may be
   * used.
   *
   * @throws InvalidFreeException if there is no such block
   */
  public long usableSize(long offset) {
    return guards == null ? finder.usableSize(offset) : guards.size(offset);
  }

  /**
   * Allocates a block of zeros and stores a reference to it in an empty slot. If the process dies
   * in this method, the slot refers to the block, or the block is not allocated.
   *
   * @param slot the offset of the slot: a word of the heap at a multiple of 8, which is 0 or was
   *     written by these methods only. {@link #get} reads it
   * @param size the least length of the block in bytes; 0 counts as 1
   * @return the offset of the block, or 0 if the slot was not empty
   * @throws OutOfHeapMemoryException if there is no room, and the heap cannot grow
   * @throws NotASlotException if the word is none that a slot can hold
   * @throws IllegalArgumentException if the size is negative
   */
  public long allocateInto(long slot, long size) {
    if (!unwatched) {
      return allocateInto(slot, size, ManagedReferences.NOTHING);
    }
    long asked = requireSize(size);
    heap.getLongAcquire(slot); // throws if there can be none
    Lane lane = enterForRecord(); // as inLane, without an object for each block
    try {
      long block = allocateInto(lane, slot, asked, asked, ManagedReferences.NOTHING);
      lane.done();
      return block;
    } catch (RuntimeException e) {
      throw lane.refused(e);
    } finally {
      if (lane.entered) {
        lane.cutShort = true;
      }
      lane.leave();
    }
  }

  /**
   * Allocates a block, lets it be filled before others can see it, and stores a reference to it in
   * an empty slot.
   *
   * @param filler gets the offset of the block, of zeros, and writes into it. If it throws, the
   *     block is freed. It may call {@link #allocate} and {@link #free}, but no method with slots
   * @return the offset of the block, or 0 if the slot was not empty
   * @see #allocateInto(long, long)
   */
  public long allocateInto(long slot, long size, LongConsumer filler) {
    long asked = requireSize(size);
    heap.getLongAcquire(slot); // throws if there can be none
    LongConsumer guarded = unwatched ? filler : watched(asked, filler);
    long room = guards == null ? asked : asked + Guards.LENGTH;
    return inLane(true, lane -> allocateInto(lane, slot, room, asked, guarded));
  }

  private long allocateInto(Lane lane, long slot, long room, long zeros, LongConsumer filler) {
    long block = references.allocateInto(lane, slot, room, zeros, filler, false);
    if (block == ManagedReferences.NO_ROOM) {
      block = allocateIntoGrowing(lane, slot, room, zeros, filler);
    }
    heap.requireOpen(); // or the reference was put where nobody looks
    return block;
  }

  private long allocateIntoGrowing(
      Lane lane, long slot, long room, long zeros, LongConsumer filler) {
    Reports reports = Reports.of(heap);
    Pending pending = reports.begin(ReportKind.ALLOCATION);
    LongConsumer timed =
        pending == null
            ? filler
            : block -> { // the caller's time does not count
              reports.allocated(pending, room, true);
              filler.accept(block);
            };
    try {
      relieve();
      return references.allocateInto(lane, slot, room, zeros, timed, true);
    } catch (OutOfHeapMemoryException e) {
      reports.allocated(pending, room, false);
      throw e;
    }
  }

  private LongConsumer watched(long size, LongConsumer filler) {
    return block -> {
      if (guards != null) {
        guards.place(block, size);
      }
      heap.forgetPlaces(block, size);
      filler.accept(block);
    };
  }

  /**
   * Returns the offset of the block that a slot refers to, or 0 if it is empty. Acquire order. A
   * block that is being freed from the slot is not in it any more; one that is being moved is in it
   * until it is in the other slot. That also holds if the process that did so has died. Changes
   * nothing.
   *
   * @throws NotASlotException if the word is none that a slot can hold
   */
  public long get(long slot) {
    return slots.block(slot);
  }

  /**
   * Frees the block that a slot refers to, and empties the slot. If several threads call this at
   * once, one of them does it. If the process dies in this method, both happen or neither.
   *
   * @return whether there was a block that no other thread was freeing or moving away
   * @throws NotASlotException if the word is none that a slot can hold
   */
  public boolean freeFrom(long slot) {
    heap.getLongAcquire(slot); // throws if there can be none
    LongConsumer last = guards == null ? ManagedReferences.NOTHING : guards::free;
    Lane lane = enterForRecord(); // as inLane, without an object for each block
    try {
      boolean freed = references.freeFrom(lane, slot, last);
      heap.requireOpen(); // or the slot was emptied where nobody looks
      lane.done();
      return freed;
    } catch (RuntimeException e) {
      throw lane.refused(e);
    } finally {
      if (lane.entered) {
        lane.cutShort = true;
      }
      lane.leave();
    }
  }

  /**
   * Moves a reference from a slot to an empty slot. If the process dies in this method, the
   * reference is in exactly one of the two.
   *
   * @return whether it was moved: whether the first slot held a reference that no other thread was
   *     freeing or moving away, and the second was empty
   * @throws NotASlotException if the word in one of them is none that a slot can hold
   */
  public boolean move(long source, long destination) {
    heap.getLongAcquire(source); // throws if there can be no slot
    heap.getLongAcquire(destination);
    boolean moved = inLane(true, lane -> references.move(lane, source, destination) ? 1 : 0) != 0;
    heap.requireOpen(); // or the reference was moved where nobody looks
    return moved;
  }

  /**
   * Returns the root of a name, and makes it, with a block of zeros, if it does not exist. If
   * several threads or processes call this at once, all get the same root. {@link #place} returns
   * the offset of the block instead.
   *
   * @param name 1 to 88 bytes in UTF-8
   * @param type a number that the caller chooses for what the block contains
   * @param version a version of what it contains
   * @param size the least length of the block in bytes
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the root exists with another type,
   *     version or size
   * @throws dev.rszshm.allocator.errors.RootTableFullException if the table of roots is full: it
   *     has room for 1,024, or fewer in a very small heap
   * @throws OutOfHeapMemoryException if there is no room, and the heap cannot grow
   * @throws ReadOnlyHeapException if there is no such root, and the heap is attached for reading
   *     only
   */
  public RootEntry root(String name, long type, int version, long size) {
    if (!heap.isReadOnly()) {
      enterAndLeave();
    } else if (roots.find(name).isEmpty()) {
      refuseToMake(name);
    }
    return roots.findOrMake(name, type, version, size, this::allocateInto);
  }

  private void refuseToMake(String name) {
    try {
      heap.requireWritable();
    } catch (ReadOnlyHeapException e) {
      throw new ReadOnlyHeapException(
          "nobody has made \""
              + name
              + "\" yet: look again when another process has made it. "
              + e.getMessage());
    }
  }

  /**
   * Returns the offset of the block of a root, and makes the root if it does not exist: {@link
   * #root} and {@link #get} in one call.
   *
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the root exists with another type,
   *     version or length
   * @throws dev.rszshm.allocator.errors.RootTableFullException if the table of roots is full: it
   *     has room for 1,024, or fewer in a very small heap
   * @throws OutOfHeapMemoryException if there is no room, and the heap cannot grow
   */
  @Override
  public long place(String name, long type, int version, long length, long alignment) {
    if (alignment < 1 || Long.bitCount(alignment) != 1) {
      throw new IllegalArgumentException("an alignment must be a power of two, found " + alignment);
    }
    long slack = Math.max(0, alignment - SizeClasses.GRANULE);
    long block = get(root(name, type, version, length + slack).slot());
    if (block <= 0) {
      heap.requireOpen(); // or what was read is nothing
      throw new ConcurrentModificationException(
          "the root \""
              + name
              + "\" was removed while it was looked for: remove a root only when no thread or process"
              + " uses it any more, or call this method again");
    }
    return (block + slack) & -Math.max(alignment, SizeClasses.GRANULE);
  }

  /** Returns the root of a name, or empty if there is none. */
  public Optional<RootEntry> findRoot(String name) {
    return roots.find(name);
  }

  /** Returns all roots, in no particular order. */
  public List<RootEntry> roots() {
    return roots.list();
  }

  /**
   * Removes a root and frees its block, and nothing else: what the block refers to stays allocated,
   * and no root reaches it then. A structure is removed with the {@code remove} method of its own
   * class, which frees all of it.
   *
   * @return whether there was a root of this name
   */
  public boolean removeRoot(String name) {
    enterAndLeave();
    return roots.remove(name, this::freeFrom);
  }

  /**
   * Recovers what dead processes held: completes or undoes what they were doing, and lets others
   * use the room they had. That also happens when a process attaches, and before the heap grows.
   *
   * @return of how many threads of dead processes
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
   * Gives the memory of empty chunks back to the file system. Freeing much does that by itself.
   *
   * @return the number of bytes given back
   */
  public long trim() {
    return inLane(false, lane -> pool.trim(lane.number));
  }

  /**
   * Makes the file of a heap as short as what is in use of it: chunks at its end that are empty go.
   * Nobody may have the heap attached for writing. Who is attached for reading only cannot be seen,
   * and gets an {@link InternalError} for what lies behind the new end. If the process dies in this
   * method, the heap is whole, and as long as before, as short as it can be, or something between.
   *
   * @return how many bytes shorter the file is
   * @throws dev.rszshm.heap.errors.HeapInUseException if somebody has it attached for writing
   * @throws NotAnAllocatorException if the heap has no allocator
   */
  public static long shrink(Path path) {
    try (Heap heap = Heap.builder().anyAddress().name("shrinking").attach(path)) {
      if (!isPresent(heap)) {
        throw new NotAnAllocatorException(
            path + " has no allocator, so nobody can tell what of it is in use");
      }
      try (Allocator allocator = on(heap)) {
        allocator.recover();
      }
    }
    return new HeapShrinking(SystemCalls.host(), path).shrink(Shrinking::cut);
  }

  /** Returns what is in use, counted by a walk over all of it while others go on. */
  public AllocatorStatistics statistics() {
    return AllocatorStatistics.of(tables);
  }

  /**
   * Tells of all chunks what they are used for, in the order of their offsets, while others go on.
   * If others use them meanwhile, the parts are those of slightly different times.
   */
  public void forEachChunk(Consumer<ChunkUse> action) {
    ChunkUse.forEach(tables, action);
  }

  /**
   * Checks the whole allocator, and accounts for every byte of the heap. May be called while others
   * use it: an error is reported only if a second look has confirmed it.
   */
  public AllocatorCheck check() {
    return AllocatorCheck.of(tables, roots);
  }

  /**
   * Checks the whole allocator, as {@link #check()} does, and notes every block that a search does
   * not reach from any root. What others allocate meanwhile may be among them.
   */
  public AllocatorCheck check(LeakSearch search) {
    return check().withLeaks(search.find());
  }

  /**
   * Closes this allocator object: what the threads of this process held in the allocator is given
   * back, and no method that changes something can be called any more. The heap stays open. What
   * threads held that were in a method of this object at that moment is recovered by others when
   * the heap is closed in this process. Has no effect if this object is closed already.
   */
  @Override
  public void close() {
    lanes.close();
  }

  @Override
  public String toString() {
    return (isChecking() ? "the checking allocator of " : "the allocator of ") + heap;
  }
}

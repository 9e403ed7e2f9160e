package dev.rszshm.heap;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SpanExceededException;
import dev.rszshm.heap.internal.attach.Attachment;
import dev.rszshm.heap.internal.file.HeapRemoval;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.map.Growth;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.internal.wait.Nanos;
import dev.rszshm.heap.spi.Platform;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

/**
 * A resizable heap that any number of processes share: a file that every one of them maps at the
 * same address, and that grows in place while all of them go on.
 *
 * <pre>{@code
 * try (Heap heap = Heap.builder().length(1 << 20).create(Path.of("/dev/shm/numbers"))) {
 *   long offset = heap.dataOffset();
 *   heap.putLongRelease(offset, 42);
 *   heap.ensure(offset + (1L << 32));
 * }
 * }</pre>
 *
 * <p>Content is read and written by offset from the base of the heap, with the methods of {@link
 * Region}; what lies below {@link #dataOffset} cannot be reached, so offset 0 can mean "nothing".
 * Accesses beyond what this process has mapped catch up with the growth of others by themselves.
 *
 * <p>All methods may be called by any thread at any time, {@link #close} included. A process that
 * dies leaves the heap as it is: whole, and at most longer than it says.
 *
 * <p>An open heap that becomes garbage is closed, with a warning. That is a net, not a plan: close
 * it.
 */
public final class Heap extends Region implements AutoCloseable {
  static {
    RawAccess.connect(heap -> heap.memory);
  }

  private final Attachment attachment;
  private final List<IntConsumer> recoveries = new CopyOnWriteArrayList<>();

  Heap(Platform platform, Attachment attachment) {
    super(platform, attachment.span, attachment.header);
    this.attachment = attachment;
    attachment.closeWhenGarbage(this);
  }

  /** Begins to make a heap or to attach to one. */
  public static HeapBuilder builder() {
    return new HeapBuilder();
  }

  /** Attaches to a heap with the default settings; see {@link HeapBuilder#attach}. */
  public static Heap attach(Path path) {
    return builder().attach(path);
  }

  /** The file. It stays known when the heap is closed. */
  public Path path() {
    return Path.of(attachment.path);
  }

  /** The identity of the heap, which a plain file does not have. */
  public Optional<UUID> id() {
    return Optional.ofNullable(attachment.header.id());
  }

  /** Whether the file has rszshm's 24-byte header only. */
  public boolean isPlain() {
    return attachment.header.plain();
  }

  /** Whether this attachment only reads. */
  public boolean isReadOnly() {
    return attachment.span.isReadOnly();
  }

  /** Whether the heap is open in this process. */
  public boolean isOpen() {
    return span.isOpen();
  }

  /** The address every process has the heap at, unless it chose another. */
  public long address() {
    return attachment.header.address();
  }

  /** The address at which this process has it. */
  public long base() {
    return span.base;
  }

  /** The offset of the first byte of content. */
  public long dataOffset() {
    return attachment.header.dataOffset();
  }

  /** Bytes in use now, header and tables included: the end of the offsets. Others may raise it. */
  @Override
  public long length() {
    return span.length();
  }

  /** Bytes this process has mapped; an access beyond them catches up first. */
  public long mappedLength() {
    return span.isOpen() ? span.mapped() : 0;
  }

  /** Bytes the heap can grow to. */
  public long span() {
    return span.reserved();
  }

  /**
   * Turns an offset into an address that is valid in every process that has the heap at its own
   * address, and may be stored in it for C programs.
   *
   * @throws IndexOutOfBoundsException if the offset lies outside the span
   * @throws IllegalStateException if this process has the heap elsewhere
   */
  public long toAddress(long offset) {
    requireOwnAddress();
    if (offset < 0 || offset >= span()) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + " lies outside the span of " + span() + " bytes");
    }
    return span.base + offset;
  }

  /**
   * Turns an address that was stored in the heap into an offset.
   *
   * @throws IndexOutOfBoundsException if the address lies outside the span
   * @throws IllegalStateException if this process has the heap elsewhere
   */
  public long toOffset(long address) {
    requireOwnAddress();
    long offset = address - span.base;
    if (offset < 0 || offset >= span()) {
      throw new IndexOutOfBoundsException(
          String.format(
              Locale.ROOT,
              "address 0x%x lies outside the span 0x%x-0x%x",
              address,
              span.base,
              span.base + span()));
    }
    return offset;
  }

  private void requireOwnAddress() {
    if (attachment.isElsewhere()) {
      throw new IllegalStateException(
          String.format(
              Locale.ROOT,
              "%s belongs at 0x%x and is attached at 0x%x, where addresses mean nothing to others:"
                  + " use offsets",
              path(),
              address(),
              base()));
    }
  }

  /**
   * Makes the heap longer, as far as the growth policy says, or less if the file system has no room
   * for so much. If another process has just done so, that is enough.
   *
   * @return the new length
   * @throws SpanExceededException if the heap is as long as its span
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if the file system has no room
   * @throws dev.rszshm.heap.errors.GrowthBlockedException if another process holds the lock for
   *     growing for longer than the growth timeout; an interrupt does not end the wait
   * @throws ReadOnlyHeapException if the heap is attached for reading only
   */
  public long grow() {
    return growing().byPolicy(mappedLength() + 1);
  }

  /**
   * Makes the heap at least so long, and not longer than the next page; does nothing if it is.
   * Otherwise as {@link #grow()}.
   *
   * @param length bytes, header and tables included: the end of the offsets wanted
   */
  public long growTo(long length) {
    return growing().exactly(length);
  }

  /**
   * Makes the heap at least so long, and as much longer as the growth policy says, so that many
   * small steps cost few growths; does nothing if it is. It fails only if the length itself cannot
   * be had: where there is no room for what the policy wishes, it makes do with less. Otherwise as
   * {@link #grow()}.
   *
   * @param length bytes, header and tables included: the end of the offsets wanted
   */
  public long ensure(long length) {
    // Another thread may have mapped what it is about to say that the heap has.
    boolean there = reaches(length) && span.length() >= length;
    return there ? span.mapped() : growing().byPolicy(length);
  }

  /**
   * Makes the heap at least so long, up to the next page, without taking memory for what is added:
   * for tables that fill up slowly. Such a part is used only after {@link #back}; without that, a
   * full file system is not an exception but a fault. Otherwise as {@link #grow()}.
   *
   * @param length bytes, header and tables included: the end of the offsets wanted
   */
  public long growSparse(long length) {
    return growing().sparsely(length);
  }

  /**
   * Takes memory for a range of content that may have none, because it was added by {@link
   * #growSparse} or given back by {@link #discard}. What is there stays. Nothing happens on a file
   * system that cannot do that, and in a heap that is {@link Backing#SPARSE}.
   *
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if the file system has no room
   */
  public void back(long offset, long length) {
    Growth growth = growing();
    rangeToWrite(offset, length);
    span.whileOpen(
        () -> {
          growth.back(offset, length);
          return null;
        });
  }

  /**
   * Gives the memory of a range of content back to the file system: it reads as zeros from now on.
   * To write there again, {@link #back} it first. If the process dies in it, any part of the range
   * has become zeros.
   *
   * @param offset a multiple of the page size, or parts of pages are only set to zero
   */
  public void discard(long offset, long length) {
    Growth growth = growing();
    rangeToWrite(offset, length);
    span.whileOpen(
        () -> {
          growth.discard(offset, length);
          return null;
        });
  }

  private Growth growing() {
    requireWritable();
    return attachment.growth;
  }

  /**
   * Throws unless the heap can be changed.
   *
   * @throws IllegalStateException if it is closed
   * @throws ReadOnlyHeapException if it is attached for reading only
   */
  public void requireWritable() {
    span.requireOpen();
    if (isReadOnly()) {
      throw new ReadOnlyHeapException(
          path() + " is attached for reading only: attach it for writing to change it");
    }
  }

  /** How often the heap has grown since it was made; 0 in a plain file, which does not count. */
  public long growths() {
    span.requireOpen();
    return isPlain() ? 0 : memory.getLongAcquire(span.base + HeaderLayout.GROWTHS);
  }

  /** How far this attachment grows the heap. */
  public GrowthPolicy growthPolicy() {
    return attachment.growth.policy();
  }

  /** When the memory is taken that the heap grows by. */
  public Backing backing() {
    return attachment.growth.backing();
  }

  /** How many can be attached for writing at a time; 0 in a plain file. */
  public int participantSlots() {
    return isPlain() ? 0 : attachment.header.participantSlots();
  }

  /**
   * How many participant slots were ever used; 0 in a plain file. Nobody has a slot behind them:
   * who looks at something that each participant has need not look further. The order is that of a
   * volatile read.
   */
  public int participantSlotsUsed() {
    span.requireOpen();
    return isPlain() ? 0 : attachment.table.usedSlots();
  }

  /** Maps what others have grown the heap by; returns the length mapped. Accesses do it by need. */
  public long catchUp() {
    return span.catchUp();
  }

  /**
   * Writes the whole heap to storage, and waits for it: content, length, and the first time its
   * name as well. After that, the heap survives a loss of power as it was when this was called, but
   * for what is written meanwhile, of which any part may be there. On tmpfs there is nothing to
   * write.
   *
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if the directory may not be read, so
   *     that the name cannot be written; the content is
   * @throws dev.rszshm.heap.errors.SystemCallException if the storage fails
   */
  public void flush() {
    long mapped = catchUp();
    onAddresses(() -> calls.sync(span.base, mapped, true));
    attachment.syncName(calls);
  }

  /**
   * Writes a range of content to storage, and waits for it. Call {@link #flush()} once before, so
   * that the heap itself is there after a loss of power, and again when it has grown.
   */
  public void flush(long offset, long length) {
    long address = rangeToRead(offset, length);
    long page = address & -(long) calls.pageSize();
    onAddresses(() -> calls.sync(page, address + length - page, true));
  }

  /** Tells the kernel how a range of content will be used. */
  public void advise(long offset, long length, Advice advice) {
    long address = rangeToRead(offset, length);
    long page = address & -(long) calls.pageSize();
    onAddresses(() -> calls.advise(page, address + length - page, advice));
  }

  /**
   * Keeps a range of content in physical memory.
   *
   * @throws dev.rszshm.heap.errors.SystemCallException if the limit of locked memory is too low
   */
  public void lockInMemory(long offset, long length) {
    long address = rangeToRead(offset, length);
    onAddresses(() -> calls.lockInMemory(address, length));
  }

  private void onAddresses(Runnable call) {
    span.onAddresses(
        () -> {
          call.run();
          return null;
        });
  }

  /** Lets others run for a time, or for less; interrupts are only noted. Use it in a loop. */
  public void pause(Duration time) {
    calls.pause(Nanos.saturated(time));
  }

  /** This attachment as others see it; empty in a plain file and when attached for reading only. */
  public Optional<Participant> self() {
    return Optional.ofNullable(attachment.self);
  }

  /** Everybody who is attached for writing, and whoever died and has not been noticed. */
  public List<Participant> participants() {
    return span.whileOpen(() -> isPlain() ? List.of() : attachment.table.list(attachment.self));
  }

  /**
   * Whether an attachment still lives, by proof: its lock is held. A stopped process lives. The
   * living are never said to be dead, nor the dead to be alive.
   */
  public boolean isAlive(int slot, int generation) {
    span.requireOpen();
    if (isPlain()) {
      throw new IllegalStateException(path() + " is a plain file, which keeps no participants");
    }
    return span.whileOpen(() -> attachment.table.isAlive(attachment.self, slot, generation));
  }

  /**
   * Whether the attachment that a {@link Participant#tag} names still lives, by the same proof. A
   * number that is no tag of this heap names nobody alive.
   */
  public boolean isAlive(int tag) {
    span.requireOpen();
    return span.whileOpen(() -> !isPlain() && attachment.table.isAlive(attachment.self, tag));
  }

  /** The attachment that a {@link Participant#tag} names, if it is in the table, dead or alive. */
  public Optional<Participant> participant(int tag) {
    return span.whileOpen(
        () -> isPlain() ? Optional.empty() : attachment.table.find(attachment.self, tag));
  }

  /**
   * Frees the participant slots of the dead; returns how many. Attaching does it when no slot is
   * free. If the process dies in it, the next one does it again.
   */
  public int reclaimDead() {
    growing();
    return span.whileOpen(() -> isPlain() ? 0 : attachment.table.reclaimDead(attachment.self));
  }

  /**
   * Registers what puts in order the structures that a dead participant was changing. It gets the
   * {@link Participant#tag} of the dead, may be called by any thread, more than once for one death
   * and by several threads at a time, and must not wait for a lock of this heap.
   */
  public void onDeath(IntConsumer recovery) {
    recoveries.add(recovery);
  }

  /**
   * Lets everything that is registered with {@link #onDeath} put in order what a participant has
   * left. Whoever finds it dead, and is about to use what it was changing, calls this first: a lock
   * does so before it runs the caller's repair.
   *
   * @param tag the {@link Participant#tag} of one who is dead; nothing happens if it is alive
   */
  public void recoverDead(int tag) {
    if (!isAlive(tag)) {
      recoveries.forEach(recovery -> recovery.accept(tag));
    }
  }

  /**
   * Removes the name of the heap; whoever is attached stays so. Works when the heap is closed. A
   * file of the same name that is not this heap stays.
   *
   * @return whether the name was removed
   */
  public boolean unlink() {
    return HeapRemoval.unlink(calls, attachment.path, attachment.key);
  }

  /**
   * Removes the name of the heap, and its directory if that was made for it. Works when the heap is
   * closed, and again when it is removed already.
   *
   * @return whether the name was removed
   */
  public boolean remove() {
    boolean removed = unlink();
    HeapRemoval.removeDirectory(calls, path().getParent(), attachment.header.directory());
    return removed;
  }

  /**
   * Removes a heap that is not attached here, with the directory that was made for it.
   *
   * @throws HeapException of the kind that fits, if there is no heap of this name
   */
  public static void remove(Path path) {
    HeapRemoval.remove(path.toAbsolutePath());
  }

  /**
   * Detaches from the heap. From now on every method that needs it throws {@link
   * IllegalStateException}, in threads that are at work with it too; threads that wait are woken
   * within 50 ms. Content and name stay. Closing again does nothing.
   */
  @Override
  public void close() {
    try {
      attachment.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  String describe() {
    return path().toString();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "Heap[%s at 0x%x%s]", path(), base(), isOpen() ? "" : ", closed");
  }
}

package dev.rszshm.heap;

import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import dev.rszshm.heap.errors.SpanExceededException;
import dev.rszshm.heap.internal.attach.Attachment;
import dev.rszshm.heap.internal.file.HeapRemoval;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.map.Growth;
import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.participants.ParticipantTable;
import dev.rszshm.heap.internal.passing.PassedHeap;
import dev.rszshm.heap.internal.place.Places;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.internal.wait.Nanos;
import dev.rszshm.heap.internal.watch.Reports;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import dev.rszshm.heap.view.ElementType;
import dev.rszshm.heap.watch.HeapListener;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
 * Region}. What lies below {@link #dataOffset} cannot be accessed, so offset 0 can mean "nothing".
 * An access beyond what this process has mapped first maps what others have grown the heap by.
 *
 * <p>All methods may be called by any thread at any time, {@link #close} included. A process that
 * dies in any of them leaves a heap that is whole; its file may be longer than the heap.
 *
 * <p>An open heap that becomes garbage is closed, with a warning. Do not rely on that: close it.
 */
public final class Heap extends Region implements AutoCloseable {
  static {
    RawAccess.connect(heap -> heap.memory);
    Reports.connect(heap -> heap.attachment.reports);
  }

  private final Attachment attachment;
  private final List<IntConsumer> recoveries = new CopyOnWriteArrayList<>();

  Heap(Platform platform, Attachment attachment, boolean checkingOverlaps) {
    super(platform, attachment.span, attachment.header);
    this.attachment = attachment;
    span.places = checkingOverlaps ? new Places(attachment.path) : null;
    attachment.closeWhenGarbage(this);
  }

  /** Returns a builder, which makes heaps and attaches to them. */
  public static HeapBuilder builder() {
    return new HeapBuilder();
  }

  /**
   * Attaches to a heap for reading and writing, with the default settings of a builder.
   *
   * @see HeapBuilder#attach
   */
  public static Heap attach(Path path) {
    return builder().attach(path);
  }

  /**
   * Attaches to the heap of a descriptor, with the default settings of a builder.
   *
   * @see HeapBuilder#attach(HeapDescriptor)
   */
  public static Heap attach(HeapDescriptor descriptor) {
    return builder().attach(descriptor);
  }

  /**
   * Returns the descriptor by which this process has the file open, for those who pass it on
   * themselves. It is valid until the heap is closed. {@link HeapSocket} passes heaps on with all
   * that belongs to it.
   */
  public HeapDescriptor descriptor() {
    return HeapDescriptor.of(span.descriptor(), span);
  }

  /** What is said of this heap to who gets it. */
  PassedHeap passed() {
    return PassedHeap.of(attachment.header, length());
  }

  /**
   * Returns the path of the file, also when the heap is closed. That of a heap without a name leads
   * through this process, {@code /proc/PID/fd/N}, and is of use to others of the same user until
   * this attachment is closed.
   */
  public Path path() {
    return Path.of(attachment.path);
  }

  /** Returns the identity of the heap, or empty for a plain file, which has none. */
  public Optional<UUID> id() {
    return Optional.ofNullable(attachment.header.id());
  }

  /** Returns whether the file is a plain file, with the 24-byte header of ccan's rszshm only. */
  public boolean isPlain() {
    return attachment.header.plain();
  }

  /**
   * Returns whether this attachment changes nothing that others see: whether it is for reading
   * only, or {@link #isCopyOnWrite copy-on-write}.
   */
  public boolean isReadOnly() {
    return !span.mapping().isWriting();
  }

  /** Returns whether the heap is attached copy-on-write; see {@link HeapBuilder#copyOnWrite}. */
  public boolean isCopyOnWrite() {
    return span.mapping() == Mapping.COPYING;
  }

  /** Returns whether the heap is open in this process: whether it has not been closed. */
  public boolean isOpen() {
    return span.isOpen();
  }

  /**
   * Returns the address of the heap: the one at which every process maps it, unless it has attached
   * at any address.
   */
  public long address() {
    return attachment.header.address();
  }

  /** Returns the address at which this process has mapped the heap. */
  public long base() {
    return span.base;
  }

  /** Returns the offset of the first byte of content. */
  public long dataOffset() {
    return attachment.header.dataOffset();
  }

  /**
   * Returns the present length of the heap in bytes, header and tables included: the end of the
   * offsets. Other threads and processes may raise it at any time.
   */
  @Override
  public long length() {
    return span.length();
  }

  /**
   * Returns how many bytes of the heap this process has mapped, or 0 if the heap is closed. An
   * access beyond them catches up first.
   */
  public long mappedLength() {
    return span.isOpen() ? span.mapped() : 0;
  }

  /** Returns how many bytes the heap can grow to. */
  public long span() {
    return span.reserved();
  }

  /**
   * Returns the address of an offset. It is valid in every process that has mapped the heap at its
   * own address, and may be stored in the heap for C programs.
   *
   * @throws IndexOutOfBoundsException if the offset lies outside the span
   * @throws IllegalStateException if this process has mapped the heap at another address
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
   * Returns the offset of an address that was stored in the heap.
   *
   * @throws IndexOutOfBoundsException if the address lies outside the span
   * @throws IllegalStateException if this process has mapped the heap at another address
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
              "%s has the address 0x%x and is mapped at 0x%x in this process, where addresses mean"
                  + " nothing to other processes: use offsets",
              path(),
              address(),
              base()));
    }
  }

  /**
   * Grows the heap as far as the growth policy says, or less if the file system has no room for so
   * much. If another thread or process grows it meanwhile, the heap grows once for both.
   *
   * @return the new length in bytes
   * @throws SpanExceededException if the heap is as long as its span
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if the file system has no room
   * @throws dev.rszshm.heap.errors.GrowthBlockedException if another process holds the growth lock
   *     for longer than the growth timeout. An interrupt does not end the wait
   * @throws ReadOnlyHeapException if the heap is attached for reading only
   */
  public long grow() {
    return growing().byPolicy(mappedLength() + 1);
  }

  /**
   * Grows the heap to a length, rounded up to a page, whatever the growth policy says. Does nothing
   * if the heap is that long already. Throws what {@link #grow()} throws.
   *
   * @param length the length in bytes, header and tables included: the end of the offsets wanted
   * @return the new length in bytes
   */
  public long growTo(long length) {
    return growing().exactly(length);
  }

  /**
   * Grows the heap so that its content has room for so many elements, as {@link #growTo(long)} does
   * for a length.
   *
   * @param size how many elements there are from {@link #dataOffset} on
   * @return the new length in bytes, header and tables included
   * @throws IllegalArgumentException if the number is negative, or they have 2^63 bytes or more
   */
  public long growTo(ElementType<?> type, long size) {
    return growTo(end(type.length(size)));
  }

  /** Grows the heap for at least so many elements, as {@link #ensure(long)} does for a length. */
  public long ensure(ElementType<?> type, long size) {
    return ensure(end(type.length(size)));
  }

  /** The end of so many bytes of content; what does not exist lies beyond every span. */
  private long end(long content) {
    return content > Long.MAX_VALUE - dataOffset() ? Long.MAX_VALUE : dataOffset() + content;
  }

  /**
   * Grows the heap to at least a length, and as much further as the growth policy says, so that
   * many small steps cost few growths. Does nothing if the heap is that long already. Where the
   * file system has no room for what the policy asks for, the heap grows by less; only if there is
   * no room for the length itself this method throws. Throws what {@link #grow()} throws.
   *
   * @param length the least length in bytes, header and tables included: the end of the offsets
   *     wanted
   * @return the length in bytes that this process has mapped
   */
  public long ensure(long length) {
    // Another thread may have mapped what it is about to say that the heap has.
    boolean there = reaches(length) && span.length() >= length;
    return there ? span.mapped() : growing().byPolicy(length);
  }

  /**
   * Grows the heap to a length, rounded up to a page, without taking memory for what is added: for
   * tables that fill up slowly. Call {@link #back} before such a part is used. Otherwise, on a full
   * file system, an access to it is not an exception but a fault that may end the process. Throws
   * what {@link #grow()} throws.
   *
   * @param length the length in bytes, header and tables included: the end of the offsets wanted
   * @return the new length in bytes
   */
  public long growSparse(long length) {
    return growing().sparsely(length);
  }

  /**
   * Takes memory for a range of content that may have none, because it was added by {@link
   * #growSparse} or given back by {@link #discard}. The content stays. Does nothing on a file
   * system that cannot do that, and in a heap that is {@link Backing#SPARSE}.
   *
   * @return whether the range has memory now, so that it can be written to even when the file
   *     system is full; false if nothing was done
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if the file system has no room
   */
  public boolean back(long offset, long length) {
    Growth growth = growing();
    rangeToWrite(offset, length);
    return span.whileOpen(() -> growth.back(offset, length));
  }

  /**
   * Gives the memory of a range of content back to the file system. The range reads as zeros from
   * then on. Call {@link #back} before it is written again. If the process dies in this method, any
   * part of the range has become zeros.
   *
   * @param offset a multiple of the page size; parts of pages are only set to zero
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
   * Throws an exception unless the heap is open in this process. While another thread closes it, an
   * access may still return zeros, once: who finds what nobody can have written asks this before it
   * takes that for damage.
   *
   * @throws IllegalStateException if it is closed
   */
  public void requireOpen() {
    span.requireOpen();
  }

  /**
   * Throws an exception unless the heap is open and attached for writing.
   *
   * @throws IllegalStateException if it is closed
   * @throws ReadOnlyHeapException if it is attached for reading only, or copy-on-write
   */
  public void requireWritable() {
    span.requireOpen();
    if (isReadOnly()) {
      throw span.refusal();
    }
  }

  /**
   * Returns how often the heap has grown since it was made, or 0 for a plain file, which does not
   * count.
   */
  public long growths() {
    span.requireOpen();
    return isPlain() ? 0 : memory.getLongAcquire(span.base + HeaderLayout.GROWTHS);
  }

  /** Returns the policy by which this attachment grows the heap. */
  public GrowthPolicy growthPolicy() {
    return attachment.growth.policy();
  }

  /** Returns when the heap takes the memory that it grows by. */
  public Backing backing() {
    return attachment.growth.backing();
  }

  /** Returns how many attachments for writing there can be at a time, or 0 for a plain file. */
  public int participantSlots() {
    return isPlain() ? 0 : attachment.header.participantSlots();
  }

  /**
   * Returns how many participant slots were ever used, or 0 for a plain file. No participant has a
   * slot beyond them, so a walk over something that each participant has can end there. Volatile
   * order.
   */
  public int participantSlotsUsed() {
    span.requireOpen();
    ParticipantTable table = attachment.table;
    return table == null ? 0 : table.usedSlots();
  }

  /**
   * Maps what others have grown the heap by. Accesses do that by themselves when they need it.
   *
   * @return the length in bytes that is mapped now
   */
  public long catchUp() {
    return span.catchUp();
  }

  /**
   * Forgets which objects were placed in a range, so that others may be placed there: what {@link
   * HeapBuilder#checkingOverlaps} looks at. Freeing a block forgets what was in it by itself. Does
   * nothing if this attachment does not look for overlaps.
   */
  public void forgetPlaces(long offset, long length) {
    rangeToRead(offset, length);
    if (span.places != null) {
      span.places.forget(offset, length);
    }
  }

  /** Returns whether this attachment looks for objects that overlap. */
  public boolean isCheckingOverlaps() {
    return span.places != null;
  }

  /**
   * Returns what came of each wish about the memory that the builder was told: granted for all that
   * was mapped so far, or the first refusal. Empty if nothing was wished.
   */
  public Map<MemoryWish, Grant> grants() {
    return span.wishes().grants();
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
    span.requireShared();
    long mapped = catchUp();
    onAddresses(() -> calls.sync(span.base, mapped, true));
    attachment.syncName(calls);
  }

  /**
   * Writes a range of content to storage, and then the header, which says how long the heap is, and
   * waits for both. Call {@link #flush()} once before, so that the name and the tables are there
   * after a loss of power.
   */
  @Override
  public void flush(long offset, long length) {
    super.flush(offset, length);
    onAddresses(() -> calls.sync(span.base, calls.pageSize(), true));
  }

  /**
   * Lets every thread of every process pass a full fence between the call and its return. It is the
   * dear half of a pair: who stores one word and then loads another, in this order in the program,
   * needs no fence if whoever stores the second calls this before it loads the first. It takes
   * about 10 ms.
   */
  public void fenceEverywhere() {
    calls.fenceEverywhere();
  }

  /**
   * Lets the current thread sleep for a time, or for less. An interrupt is kept for later. Call it
   * in a loop that checks a condition.
   */
  public void pause(Duration time) {
    calls.pause(Nanos.saturated(time));
  }

  /**
   * Returns this attachment as other processes see it, or empty if there is nothing to see: for a
   * plain file, and if the heap is attached for reading only.
   */
  public Optional<Participant> self() {
    return Optional.ofNullable(attachment.self);
  }

  /**
   * Returns all attachments for writing, and those of processes that have died and whose slots were
   * not reclaimed yet.
   */
  public List<Participant> participants() {
    ParticipantTable table = attachment.table;
    return span.whileOpen(() -> table == null ? List.of() : table.list(attachment.self));
  }

  /**
   * Returns whether an attachment is alive: whether its process runs, or is stopped, and has not
   * closed the heap. The kernel decides, by a lock that it releases when the process ends. An
   * attachment that is alive is never said to be dead, nor a dead one to be alive.
   *
   * @throws IllegalStateException if this is a plain file, which has no participants
   */
  public boolean isAlive(int slot, int generation) {
    span.requireOpen();
    ParticipantTable table = attachment.table;
    if (table == null) {
      throw new IllegalStateException(path() + " is a plain file, which has no participants");
    }
    return span.whileOpen(() -> table.isAlive(attachment.self, slot, generation));
  }

  /**
   * Returns whether the attachment with a {@link Participant#tag} is alive, decided in the same
   * way. Returns {@code false} for a number that is no tag of this heap.
   */
  public boolean isAlive(int tag) {
    span.requireOpen();
    ParticipantTable table = attachment.table;
    return span.whileOpen(() -> table != null && table.isAlive(attachment.self, tag));
  }

  /**
   * Returns the attachment with a {@link Participant#tag}, dead or alive, or empty if it is not in
   * the table any more.
   */
  public Optional<Participant> participant(int tag) {
    ParticipantTable table = attachment.table;
    return span.whileOpen(
        () -> table == null ? Optional.empty() : table.find(attachment.self, tag));
  }

  /**
   * Frees the participant slots of dead processes. Attaching does that by itself when no slot is
   * free. If the process dies in this method, the next call completes it.
   *
   * @return how many slots were freed
   */
  public int reclaimDead() {
    growing();
    ParticipantTable table = attachment.table;
    return span.whileOpen(() -> table == null ? 0 : table.reclaimDead(attachment.self));
  }

  /**
   * Registers an action that repairs what a dead participant was changing.
   *
   * @param recovery gets the {@link Participant#tag} of the dead participant. It may be called by
   *     any thread, more than once for one death, and by several threads at a time. It must not
   *     wait for a lock of this heap
   */
  public void onDeath(IntConsumer recovery) {
    recoveries.add(recovery);
  }

  /**
   * Runs all actions that were registered with {@link #onDeath}, for one dead participant. A
   * structure that finds its owner dead calls this before it uses what that one was changing; a
   * lock does so before it runs the caller's repair.
   *
   * @param tag the {@link Participant#tag} of the dead participant; if it is alive, this method
   *     does nothing
   */
  public void recoverDead(int tag) {
    if (!isAlive(tag)) {
      recoveries.forEach(recovery -> recovery.accept(tag));
    }
  }

  /**
   * Registers a listener, which gets reports of what happens to the heap in this process from now
   * on, in a thread of its own. It is removed when the heap is closed. If it is registered twice,
   * it gets each report twice.
   *
   * @throws IllegalStateException if the heap is closed
   */
  public void addListener(HeapListener listener) {
    attachment.reports.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Removes a listener. It gets no further report, but it may still be in one.
   *
   * @return whether it was registered
   */
  public boolean removeListener(HeapListener listener) {
    return attachment.reports.remove(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Removes the name of the heap. All attachments stay usable, and no process can attach any more.
   * May be called when the heap is closed. A file of the same name that is not this heap stays.
   *
   * @return whether the name was removed
   * @throws ReadOnlyHeapException if the heap is, or was, attached for reading only
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if it belongs to another user, or its
   *     directory may not be written to
   */
  public boolean unlink() {
    if (isReadOnly()) {
      throw new ReadOnlyHeapException(
          path()
              + " is attached for reading only, and is not removed by those who only look: remove"
              + " it by its name, with Heap.remove(Path), or attach for writing");
    }
    return HeapRemoval.unlink(calls, attachment.path, attachment.key);
  }

  /**
   * Removes the name of the heap, and its directory if that was made for it. May be called when the
   * heap is closed, and when it has been removed already. Throws what {@link #unlink} throws.
   *
   * @return whether the name was removed
   */
  public boolean remove() {
    boolean removed = unlink();
    HeapRemoval.removeDirectory(calls, path().getParent(), attachment.header.directory());
    return removed;
  }

  /**
   * Removes the heap of a name without attaching to it, and its directory if that was made for it.
   * All attachments stay usable.
   *
   * @throws dev.rszshm.heap.errors.NoSuchHeapException if there is no such file
   * @throws HeapException of another kind, if it is not a heap, belongs to another user or may not
   *     be removed
   */
  public static void remove(Path path) {
    HeapRemoval.remove(SystemCalls.host(), path.toAbsolutePath());
  }

  /**
   * Detaches this process from the heap. From then on every method that needs the heap throws
   * {@link IllegalStateException}, in threads that use it at this moment too; threads that wait for
   * something in it are woken within 50 ms. Content and name of the heap stay. Has no effect if the
   * heap is closed already.
   *
   * <p>A read or write that is under way in another thread may find zeros instead, or write where
   * nobody looks; the next access of that thread throws, and {@link #requireOpen} does. Atomic
   * changes ({@link #compareAndSetLong} and its like), allocators and structures look after they
   * have written: a call that returns has done what it says, and one that throws may have done it.
   * What a single receiver has received at that moment may be received again.
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

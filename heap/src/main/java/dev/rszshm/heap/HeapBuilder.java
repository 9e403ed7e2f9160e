package dev.rszshm.heap;

import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.internal.attach.Attachment;
import dev.rszshm.heap.internal.attach.HeapAttaching;
import dev.rszshm.heap.internal.attach.HeapCreation;
import dev.rszshm.heap.internal.attach.HeapOptions;
import dev.rszshm.heap.internal.attach.Relocation;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.map.Mapping;
import dev.rszshm.heap.internal.map.MemoryWishes;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.internal.wait.Nanos;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.view.ElementType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes heaps and attaches to them. Every setting has a default. Length, span, scan, permissions,
 * plain and participants are properties of a heap that are decided when it is made, and are ignored
 * when a heap is attached.
 *
 * <p>A builder may be used several times, by one thread at a time.
 */
public final class HeapBuilder {
  private static final int MAX_MEMORY_NAME = 249;
  private static final int CREATE_ROUNDS = 100;
  private static final long READY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private long length = 1;
  private long span;
  private boolean plain;
  private int participants = 256;
  private int mode = 0600;
  private @Nullable AddressScan scan;
  private GrowthPolicy growth = GrowthPolicy.balanced();
  private @Nullable Backing backing;
  private Duration growthTimeout = Duration.ofSeconds(30);
  private Mapping mapping = Mapping.WRITING;
  private boolean anyAddress;
  private boolean foreignOwner;
  private boolean overlaps;
  private boolean hugePages;
  private boolean locked;
  private OptionalInt node = OptionalInt.empty();
  private String name = "";
  private String memoryName = "rszshm";
  private @Nullable AnonymousMemory anonymousMemory;
  private @Nullable Platform platform;
  private Duration readyTimeout = Duration.ofSeconds(1);

  HeapBuilder() {}

  /**
   * Sets the initial length of the content in bytes, at least 1. Header and tables are added, and
   * the sum is rounded up to a page. The default is 1.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public HeapBuilder length(long length) {
    require(length >= 1, "a heap begins with at least 1 byte of content", length);
    this.length = length;
    return this;
  }

  /**
   * Sets the initial length of the content to that of so many elements, at least one.
   *
   * @throws IllegalArgumentException if there are fewer, or they have 2^63 bytes or more
   */
  public HeapBuilder length(ElementType<?> type, long size) {
    return length(type.length(size));
  }

  /**
   * Sets the bytes of address space to reserve, rounded up to a page: what the heap can grow to,
   * header and tables included. The default is 64 GiB, which costs no memory until it is used.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public HeapBuilder span(long span) {
    require(span >= 1, "a span has at least 1 byte", span);
    this.span = span;
    return this;
  }

  /** Makes a plain file: one with the 24-byte header of ccan's rszshm only, for its C programs. */
  public HeapBuilder plain() {
    this.plain = true;
    return this;
  }

  /**
   * Sets how many attachments for writing there can be at a time, 1 to 65,536. The default is 256.
   *
   * @throws IllegalArgumentException if it is another number
   */
  public HeapBuilder participants(int slots) {
    require(
        slots >= 1 && slots <= ParticipantLayout.MAX_SLOTS,
        "a heap has 1 to " + ParticipantLayout.MAX_SLOTS + " participant slots",
        slots);
    this.participants = slots;
    return this;
  }

  /**
   * Sets the permissions of the file, whatever the umask is. The default is reading and writing for
   * the owner only.
   */
  public HeapBuilder permissions(Set<PosixFilePermission> permissions) {
    String letters = PosixFilePermissions.toString(permissions);
    int bits = 0;
    for (int i = 0; i < letters.length(); i++) {
      bits = bits << 1 | (letters.charAt(i) == '-' ? 0 : 1);
    }
    this.mode = bits;
    return this;
  }

  /** Sets where to search for an address. The default is {@link AddressScan#spread()}. */
  public HeapBuilder scan(AddressScan scan) {
    this.scan = Objects.requireNonNull(scan, "scan");
    return this;
  }

  /**
   * Sets how far this attachment grows the heap. The default is {@link GrowthPolicy#balanced()}.
   */
  public HeapBuilder growth(GrowthPolicy policy) {
    this.growth = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets when the heap takes the memory that it grows by. The default is {@link Backing#ALLOCATED}.
   * It is decided when the heap is made, for all attachments: a heap that is {@code ALLOCATED}
   * stays so for a builder that says {@link Backing#SPARSE}, and a builder that says {@code
   * ALLOCATED} does not attach to a heap that is {@code SPARSE}. A plain file does not record it,
   * so there each attachment has its own.
   */
  public HeapBuilder backing(Backing backing) {
    this.backing = Objects.requireNonNull(backing, "backing");
    return this;
  }

  /**
   * Sets how long growing the heap waits for another process that grows it. The default is 30
   * seconds.
   */
  public HeapBuilder growthTimeout(Duration timeout) {
    require(!timeout.isNegative(), "a timeout is not negative", timeout.toSeconds());
    this.growthTimeout = timeout;
    return this;
  }

  /**
   * Sets how long {@link #attach} waits for a heap that is still being made. The default is 1
   * second.
   */
  public HeapBuilder readyTimeout(Duration timeout) {
    require(!timeout.isNegative(), "a timeout is not negative", timeout.toSeconds());
    this.readyTimeout = timeout;
    return this;
  }

  /**
   * Attaches for reading only. Nothing can be written, and no participant slot is taken, so that
   * other processes do not see the attachment.
   */
  public HeapBuilder readOnly() {
    this.mapping = Mapping.READING;
    return this;
  }

  /**
   * Attaches copy-on-write, for looking and trying. This process may write to content with the
   * plain and bulk methods of {@link Region}; what it writes, it alone sees, as long as the heap is
   * open, and file and other processes stay as they are. Pages that it has not written to follow
   * what others write, so what it sees is no snapshot.
   *
   * <p>Such an attachment takes part in nothing that is shared: it has no participant slot, and
   * counts as {@link Heap#isReadOnly read-only} for locks, allocators and structures. It does not
   * grow the heap, writes with no order and changes nothing atomically, and does not wait for a
   * word; {@link Heap#wake} wakes nobody.
   */
  public HeapBuilder copyOnWrite() {
    this.mapping = Mapping.COPYING;
    return this;
  }

  /**
   * Wishes that the memory lies in huge pages, as {@link Region#collapse} does for a range: fewer
   * misses of the address cache in large heaps. {@link Heap#grants} says what came of it. Whole
   * huge pages are needed, so let such a heap begin and grow in steps of 2 MiB or more.
   */
  public HeapBuilder hugePages() {
    this.hugePages = true;
    return this;
  }

  /**
   * Wishes that the memory is locked in physical memory as long as this attachment is open. {@link
   * Heap#grants} says what came of it.
   */
  public HeapBuilder lockedInMemory() {
    this.locked = true;
    return this;
  }

  /**
   * Wishes that memory that is taken from now on comes from a NUMA node while that has some. {@link
   * Heap#grants} says what came of it.
   *
   * @throws IllegalArgumentException if the number is negative
   */
  public HeapBuilder preferNode(int node) {
    require(node >= 0, "NUMA nodes are numbered from 0 up", node);
    this.node = OptionalInt.of(node);
    return this;
  }

  /**
   * Lets this attachment look for objects that overlap: locks, channels, arrays, counters and other
   * objects that are placed at offsets of the caller's choice, by their {@code at} methods. One
   * that would have a byte of another is refused with {@link
   * dev.rszshm.heap.errors.OverlappingPlacesException}, before anything is written; the same object
   * may be found as often as one likes. Each attachment knows what was placed through it only. It
   * costs some microseconds for each {@code at}, so it is for tests and for finding a mistake.
   */
  public HeapBuilder checkingOverlaps() {
    this.overlaps = true;
    return this;
  }

  /**
   * Attaches at another address if the heap's own is in use in this process. Addresses that other
   * processes have stored in the heap are of no use then; offsets are.
   */
  public HeapBuilder anyAddress() {
    this.anyAddress = true;
    return this;
  }

  /**
   * Attaches even if the file belongs to another user, who could have put it there to mislead this
   * process.
   */
  public HeapBuilder foreignOwner() {
    this.foreignOwner = true;
    return this;
  }

  /**
   * Sets the name that other processes see in the list of participants. At most 72 bytes of UTF-8
   * are kept. The default is no name.
   */
  public HeapBuilder name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /**
   * Sets the name under which the system shows a heap that has none, in {@code /proc/PID/maps} and
   * {@code /proc/PID/fd}, as in {@code /memfd:NAME}. It tells nothing but the user who looks. The
   * default is {@code rszshm}. It has no effect on an {@link AnonymousMemory#UNLINKED_FILE}.
   *
   * @throws IllegalArgumentException if it has more than 249 bytes of UTF-8, or contains a zero
   */
  public HeapBuilder memoryName(String name) {
    int length = name.getBytes(StandardCharsets.UTF_8).length;
    require(length <= MAX_MEMORY_NAME, "the system shows names of 249 bytes at most", length);
    require(name.indexOf(0) < 0, "a name contains no zero", name.indexOf(0));
    this.memoryName = name;
    return this;
  }

  /**
   * Sets what {@link #createAnonymous} makes a heap of. The default is the first of {@link
   * AnonymousMemory#supported}.
   */
  public HeapBuilder anonymousMemory(AnonymousMemory kind) {
    this.anonymousMemory = Objects.requireNonNull(kind, "kind");
    return this;
  }

  /** Sets the platform, for tests. The default is this machine. */
  public HeapBuilder platform(Platform platform) {
    this.platform = Objects.requireNonNull(platform, "platform");
    return this;
  }

  /**
   * Makes a heap in a directory of its own, {@code /dev/shm/rszshm_XXXXXX/0}, and attaches to it.
   *
   * @see #create(Path)
   */
  public Heap create() {
    return create(Path.of("/dev/shm/rszshm_XXXXXX/0"));
  }

  /**
   * Makes a heap and attaches to it. It gets its name when it is complete. If the process dies
   * before that, there is no heap.
   *
   * <p>If the name of the directory ends in {@code XXXXXX}, a private directory with an unused name
   * is made instead, which {@link Heap#remove} removes too. If the name of the file ends in {@code
   * XXXXXX}, an unused name is chosen instead.
   *
   * @throws HeapExistsException if the file exists already
   * @throws NoSuchHeapException if its directory does not exist
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if the directory may not be written
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if there is no room for the initial length
   * @throws dev.rszshm.heap.errors.NoAddressException if the scan finds no address
   * @throws IllegalArgumentException if the length does not fit into the span, or the builder says
   *     to attach for reading only
   */
  public Heap create(Path path) {
    Platform host = hosted();
    return new Heap(
        host, new HeapCreation(options(), host).create(path.toAbsolutePath()), overlaps);
  }

  /**
   * Makes a heap without a name and attaches to it: of {@link AnonymousMemory#MEMFD} where the
   * system allows it, so that no process can truncate it. Other processes get it through a {@link
   * HeapSocket}, or attach to its {@link Heap#path}, which leads through this process as long as it
   * has the heap open. It grows like any other, and its memory is released with its last user,
   * however that one ends.
   *
   * @throws dev.rszshm.heap.errors.UnsupportedPlatformException if no such memory, or not the kind
   *     that was asked for, can be made here
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if there is no room for the initial length
   * @throws dev.rszshm.heap.errors.NoAddressException if the scan finds no address
   * @throws IllegalArgumentException if the length does not fit into the span, or the builder says
   *     to attach for reading only
   */
  public Heap createAnonymous() {
    Platform host = hosted();
    HeapCreation creation = new HeapCreation(options(), host);
    return new Heap(host, creation.createAnonymous(anonymousMemory, memoryName), overlaps);
  }

  /**
   * Attaches to a heap.
   *
   * @throws NoSuchHeapException if there is no such file
   * @throws dev.rszshm.heap.errors.NotAHeapException if the file is something else
   * @throws HeapNotReadyException if it is still being made when the ready timeout has passed
   * @throws dev.rszshm.heap.errors.TruncatedHeapException if it is shorter than its header says
   * @throws dev.rszshm.heap.errors.UnsupportedFormatException if it is of a newer format
   * @throws dev.rszshm.heap.errors.DamagedHeapException if its header is damaged
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if it may not be opened, or belongs to
   *     another user
   * @throws dev.rszshm.heap.errors.AlreadyAttachedException if it is attached in this JVM already,
   *     at its own address
   * @throws dev.rszshm.heap.errors.AddressTakenException if its address is in use in this process
   * @throws dev.rszshm.heap.errors.ParticipantTableFullException if too many are attached
   * @throws dev.rszshm.heap.errors.FileLockedException if another program has locked the file
   * @throws dev.rszshm.heap.errors.HeapWornOutException if it has been attached about 2^30 times
   * @throws dev.rszshm.heap.errors.SparseHeapException if it is {@link Backing#SPARSE}, and this
   *     builder says {@link Backing#ALLOCATED}
   */
  public Heap attach(Path path) {
    Path absolute = path.toAbsolutePath();
    return attach(attaching -> attaching.attach(absolute));
  }

  /**
   * Attaches to the heap of a descriptor that this process has from another: by inheritance,
   * through a socket, or from another attachment. The file is opened anew, which its permissions
   * must allow; the descriptor is not used any more then. Throws what {@link #attach(Path)} throws.
   *
   * @throws dev.rszshm.heap.errors.UnsealedHeapException if it leads to memory without a name that
   *     is not sealed against shrinking
   * @throws IllegalStateException if the descriptor is closed
   */
  public Heap attach(HeapDescriptor descriptor) {
    return attach(descriptor, header -> {});
  }

  /** As {@link #attach(HeapDescriptor)}, with a look at the header before anything is mapped. */
  Heap attach(HeapDescriptor descriptor, Consumer<Header> check) {
    return descriptor.attachedBy(number -> attach(attaching -> attaching.attach(number, check)));
  }

  private Heap attach(Function<HeapAttaching, Attachment> way) {
    Platform host = hosted();
    HeapAttaching attaching = new HeapAttaching(options(), host);
    long start = host.calls().nanoTime();
    while (true) {
      try {
        return new Heap(host, way.apply(attaching), overlaps);
      } catch (HeapNotReadyException e) {
        if (host.calls().nanoTime() - start >= Nanos.saturated(readyTimeout)
            || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        host.calls().pause(READY_PAUSE_NANOS);
      }
    }
  }

  /**
   * Attaches to a heap, or makes it if there is none. If several processes call this at once, one
   * makes the heap and the others attach. Throws what {@link #attach} and {@link #create(Path)}
   * throw.
   */
  public Heap open(Path path) {
    for (int round = 1; ; round++) {
      try {
        return attach(path);
      } catch (NoSuchHeapException missing) {
        try {
          return create(path);
        } catch (HeapExistsException overtaken) {
          if (round == CREATE_ROUNDS) {
            throw overtaken;
          }
        }
      }
    }
  }

  /**
   * Gives a heap that nobody has attached another address, which the scan of this builder finds:
   * for a copy of a heap, which is to be attached together with that. Offsets stay what they are.
   * Addresses that programs have stored in the heap ({@link Heap#toAddress}) lead elsewhere from
   * then on. If the process dies in this method, the heap has the old address or the new one.
   *
   * @return the new address
   * @throws IllegalStateException if a process that lives is attached for writing, or it is a plain
   *     file
   * @throws dev.rszshm.heap.errors.NoAddressException if the scan finds no address
   * @throws dev.rszshm.heap.errors.HeapException of another kind, as {@link #attach} does
   */
  public long relocate(Path path) {
    Platform host = hosted();
    Path absolute = path.toAbsolutePath();
    try (HeapFile file = HeapFile.open(host.calls(), absolute, true, foreignOwner)) {
      HeapInfo info = HeapInfo.of(host.calls(), absolute);
      return Relocation.relocate(host.calls(), file, options(), info.participants());
    }
  }

  private HeapOptions options() {
    return new HeapOptions(
        length,
        span,
        plain,
        participants,
        mode,
        Optional.ofNullable(scan),
        growth,
        Optional.ofNullable(backing),
        growthTimeout,
        mapping,
        anyAddress,
        foreignOwner,
        new MemoryWishes(hugePages, locked, node),
        name);
  }

  private Platform hosted() {
    Attachment.closeAbandoned();
    RetiredSpans.release();
    return platform == null ? Platform.host() : platform;
  }

  private static void require(boolean holds, String rule, long found) {
    if (!holds) {
      throw new IllegalArgumentException(rule + ", found " + found);
    }
  }
}

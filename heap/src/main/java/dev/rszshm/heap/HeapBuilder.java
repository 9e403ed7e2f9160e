package dev.rszshm.heap;

import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.HeapNotReadyException;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.heap.internal.attach.Attachment;
import dev.rszshm.heap.internal.attach.HeapAttaching;
import dev.rszshm.heap.internal.attach.HeapCreation;
import dev.rszshm.heap.internal.attach.HeapOptions;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.map.RetiredSpans;
import dev.rszshm.heap.internal.wait.Nanos;
import dev.rszshm.heap.spi.Platform;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Makes heaps and attaches to them. Every setting has a default; those that concern a heap when it
 * is made (length, span, scan, permissions, plain, participants) mean nothing when one is attached.
 *
 * <p>A builder may be used again, by one thread at a time.
 */
public final class HeapBuilder {
  private static final int CREATE_ROUNDS = 100;
  private static final long READY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private long length = 1;
  private long span;
  private boolean plain;
  private int participants = 256;
  private int mode = 0600;
  private AddressScan scan;
  private GrowthPolicy growth = GrowthPolicy.balanced();
  private Backing backing;
  private Duration growthTimeout = Duration.ofSeconds(30);
  private boolean readOnly;
  private boolean anyAddress;
  private boolean foreignOwner;
  private String name = "";
  private Platform platform;
  private Duration readyTimeout = Duration.ofSeconds(1);

  HeapBuilder() {}

  /**
   * Sets the bytes of content to begin with, at least 1. Header and tables come on top, and the
   * whole is rounded up to a page. Default: 1.
   */
  public HeapBuilder length(long length) {
    require(length >= 1, "a heap begins with at least 1 byte of content", length);
    this.length = length;
    return this;
  }

  /**
   * Sets the bytes of address space to reserve: the heap can grow to that, header and tables
   * included. Rounded up to a page. Default: 64 GiB, which costs nothing until it is used.
   */
  public HeapBuilder span(long span) {
    require(span >= 1, "a span has at least 1 byte", span);
    this.span = span;
    return this;
  }

  /** Makes a file with rszshm's 24-byte header only, as its C programs know it. */
  public HeapBuilder plain() {
    this.plain = true;
    return this;
  }

  /** Sets how many can be attached for writing at a time, 1 to 65,536. Default: 256. */
  public HeapBuilder participants(int slots) {
    require(
        slots >= 1 && slots <= ParticipantLayout.MAX_SLOTS,
        "a heap has 1 to " + ParticipantLayout.MAX_SLOTS + " participant slots",
        slots);
    this.participants = slots;
    return this;
  }

  /**
   * Sets the permissions of the file, whatever the umask. Default: read and write for the owner.
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

  /** Sets where to look for an address. Default: {@link AddressScan#spread()}. */
  public HeapBuilder scan(AddressScan scan) {
    this.scan = Objects.requireNonNull(scan, "scan");
    return this;
  }

  /** Sets how far this attachment grows the heap. Default: {@link GrowthPolicy#balanced()}. */
  public HeapBuilder growth(GrowthPolicy policy) {
    this.growth = Objects.requireNonNull(policy, "policy");
    return this;
  }

  /**
   * Sets when the memory is taken that the heap grows by. Default: at once. It is decided when the
   * heap is made, for all who ever attach to it: whoever names {@link Backing#SPARSE} grows a heap
   * that is {@link Backing#ALLOCATED} as everybody does, and whoever names {@code ALLOCATED} is not
   * attached to one that is {@code SPARSE}. Only a plain file does not say, and there each
   * attachment has its own.
   */
  public HeapBuilder backing(Backing backing) {
    this.backing = Objects.requireNonNull(backing, "backing");
    return this;
  }

  /** Sets how long a growth waits for another process that grows. Default: 30 seconds. */
  public HeapBuilder growthTimeout(Duration timeout) {
    require(!timeout.isNegative(), "a timeout is not negative", timeout.toSeconds());
    this.growthTimeout = timeout;
    return this;
  }

  /** Sets how long attaching waits for a heap that is still being made. Default: 1 second. */
  public HeapBuilder readyTimeout(Duration timeout) {
    require(!timeout.isNegative(), "a timeout is not negative", timeout.toSeconds());
    this.readyTimeout = timeout;
    return this;
  }

  /** Attaches for reading only: nothing can be written, and no participant slot is taken. */
  public HeapBuilder readOnly() {
    this.readOnly = true;
    return this;
  }

  /**
   * Attaches at another address when the heap's own is taken. Addresses that others have stored in
   * the heap then mean nothing here; offsets do.
   */
  public HeapBuilder anyAddress() {
    this.anyAddress = true;
    return this;
  }

  /** Attaches even if the file belongs to another user, who could have planted it. */
  public HeapBuilder foreignOwner() {
    this.foreignOwner = true;
    return this;
  }

  /** Sets the name others see in the list of participants; 72 bytes of UTF-8 are kept. */
  public HeapBuilder name(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /** Sets what the heap stands on. For tests: the default is this machine. */
  public HeapBuilder platform(Platform platform) {
    this.platform = Objects.requireNonNull(platform, "platform");
    return this;
  }

  /** Makes a heap in a directory of its own below {@code /dev/shm}: {@code rszshm_XXXXXX/0}. */
  public Heap create() {
    return create(Path.of("/dev/shm/rszshm_XXXXXX/0"));
  }

  /**
   * Makes a heap and attaches to it. It appears under its name when it is complete, and not at all
   * if the process dies before that.
   *
   * <p>If the name of the directory ends in {@code XXXXXX}, a private directory is made in place of
   * it, which {@link Heap#remove} removes as well. If the name of the file ends in {@code XXXXXX},
   * an unused name is found.
   *
   * @throws HeapExistsException if there is such a file
   * @throws NoSuchHeapException if its directory is missing
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if the directory may not be written
   * @throws dev.rszshm.heap.errors.OutOfSpaceException if there is no room for the initial length
   * @throws dev.rszshm.heap.errors.NoAddressException if the scan finds no address
   * @throws IllegalArgumentException if the length does not fit into the span, or the builder says
   *     to attach for reading only
   */
  public Heap create(Path path) {
    Platform host = hosted();
    return new Heap(host, new HeapCreation(options(), host).create(path.toAbsolutePath()));
  }

  /**
   * Makes a heap without a name. Others attach to its {@link Heap#path}, which leads through this
   * process, while it lives; the memory goes with the last attachment. Nobody can truncate it.
   */
  public Heap createAnonymous() {
    Platform host = hosted();
    return new Heap(host, new HeapCreation(options(), host).createAnonymous());
  }

  /**
   * Attaches to a heap.
   *
   * @throws NoSuchHeapException if there is no such file
   * @throws dev.rszshm.heap.errors.NotAHeapException if it is something else
   * @throws HeapNotReadyException if it is still being made when the ready timeout has passed
   * @throws dev.rszshm.heap.errors.TruncatedHeapException if it is shorter than its header says
   * @throws dev.rszshm.heap.errors.UnsupportedFormatException if it is of a newer format
   * @throws dev.rszshm.heap.errors.DamagedHeapException if its header is damaged
   * @throws dev.rszshm.heap.errors.HeapAccessDeniedException if it may not be opened or trusted
   * @throws dev.rszshm.heap.errors.AlreadyAttachedException if this JVM has it at its address
   *     already
   * @throws dev.rszshm.heap.errors.AddressTakenException if something else is at its address
   * @throws dev.rszshm.heap.errors.ParticipantTableFullException if too many are attached
   * @throws dev.rszshm.heap.errors.FileLockedException if somebody else has locked the file
   * @throws dev.rszshm.heap.errors.HeapWornOutException if it was attached to too often, about 2^30
   *     times
   * @throws dev.rszshm.heap.errors.SparseHeapException if it takes its memory at the first write,
   *     and the builder says {@link Backing#ALLOCATED}
   */
  public Heap attach(Path path) {
    Path absolute = path.toAbsolutePath();
    Platform host = hosted();
    HeapAttaching attaching = new HeapAttaching(options(), host);
    long start = host.calls().nanoTime();
    while (true) {
      try {
        return new Heap(host, attaching.attach(absolute));
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
   * Attaches to a heap, or makes it if there is none. Of several who do that at once, one makes it.
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
        readOnly,
        anyAddress,
        foreignOwner,
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

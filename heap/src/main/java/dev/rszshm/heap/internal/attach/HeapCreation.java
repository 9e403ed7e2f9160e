package dev.rszshm.heap.internal.attach;

import dev.rszshm.heap.AnonymousMemory;
import dev.rszshm.heap.Backing;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.heap.errors.HeapExistsException;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.errors.UnsupportedPlatformException;
import dev.rszshm.heap.internal.file.AnonymousFile;
import dev.rszshm.heap.internal.file.HeapFile;
import dev.rszshm.heap.internal.file.HeapRemoval;
import dev.rszshm.heap.internal.file.Pages;
import dev.rszshm.heap.internal.file.Storage;
import dev.rszshm.heap.internal.format.Header;
import dev.rszshm.heap.internal.format.HeaderLayout;
import dev.rszshm.heap.internal.format.ParticipantLayout;
import dev.rszshm.heap.internal.map.AddressSearch;
import dev.rszshm.heap.internal.os.KernelMemory;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.Platform;
import dev.rszshm.heap.spi.SystemCalls;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/*
 * Makes a heap.
 *
 * Protocol
 * --------
 * 1 make the private directory, if a template asks for one;
 * 2 find an address and reserve the span there;
 * 3 make a file without a name (O_TMPFILE; where there is none, under a hidden name);
 * 4 let it have its first blocks; write the header; map it; take a participant slot;
 * 5 link the file to its name, which fails if the name is taken; drop the hidden name.
 *
 * If a process dies here
 * ----------------------
 * 1: an empty directory is left. 2-4: nothing is left, for a file without a name goes with its last
 * descriptor (where files must have names: one hidden file, ".NAME.….tmp"). 5: the heap is there,
 * complete, and its participant is known to be dead.
 */
public final class HeapCreation {
  private static final String TEMPLATE = "XXXXXX";
  private static final int NAME_TRIES = 100;

  /** Characters of a name that a hidden one begins with: both must be short enough. */
  private static final int HIDDEN_PREFIX = 40;

  private static final int OWNER_ALL = 0700;
  private static final int READABLE = 0444;
  private static final int OTHERS = 0077;
  private static final int READ_TO_SEARCH = 2;

  private final HeapOptions options;
  private final Platform platform;
  private final SystemCalls calls;

  public HeapCreation(HeapOptions options, Platform platform) {
    this.options = options;
    this.platform = platform;
    this.calls = platform.calls();
  }

  public Attachment create(Path path) {
    Header sizes = measure();
    Path directory = path.getParent();
    if (directory == null) {
      throw new IllegalArgumentException(path + " is no name for a file: name one in a directory");
    }
    if (directory.toString().endsWith(TEMPLATE)) {
      return createInOwnDirectory(directory, path.getFileName(), sizes);
    }
    if (!path.toString().endsWith(TEMPLATE)) {
      return createAt(path, sizes);
    }
    for (int i = 1; ; i++) {
      try {
        return createAt(fillIn(path), sizes);
      } catch (HeapExistsException e) {
        if (i == NAME_TRIES) {
          throw e;
        }
      }
    }
  }

  private Attachment createInOwnDirectory(Path template, Path file, Header sizes) {
    Undo undo = Undo.begin(platform);
    try {
      undo.directory = makeDirectory(template, file);
      admit(undo.directory);
      long inode = HeapRemoval.keyOf(calls, undo.directory).inode();
      Path path = Path.of(undo.directory).resolve(file);
      Attachment attachment = createAt(path, sizes.inDirectory(inode));
      undo.end();
      return attachment;
    } catch (Throwable e) {
      undo.failed = true;
      undo.after(e);
      throw e;
    }
  }

  private String makeDirectory(Path template, Path file) {
    try {
      return calls.makeDirectory(template.toString());
    } catch (SystemCallException e) {
      throw HeapFile.explainCreate(template.resolve(file).toString(), e);
    }
  }

  /** Lets everybody into the directory who may open the heap; nobody but its owner writes there. */
  private void admit(String directory) {
    int readers = options.mode() & READABLE;
    int mode = OWNER_ALL | readers & OTHERS | (readers & OTHERS) >>> READ_TO_SEARCH;
    if (mode != OWNER_ALL) {
      int descriptor = calls.open(directory, false, false);
      try {
        calls.setMode(descriptor, mode);
      } finally {
        calls.close(descriptor);
      }
    }
  }

  /** A random UUID: version 4, variant 2. */
  private UUID randomId() {
    return new UUID(calls.random() & ~0xf000L | 0x4000, calls.random() >>> 2 | Long.MIN_VALUE);
  }

  private Path fillIn(Path template) {
    String name = template.toString();
    String random = Long.toString(1L << 31 | calls.random() >>> 33, 36);
    String six = random.substring(random.length() - TEMPLATE.length());
    return Path.of(name.substring(0, name.length() - TEMPLATE.length()) + six);
  }

  /** The header as it will be, but for the address. */
  private Header measure() {
    if (!options.mapping().isWriting()) {
      throw new IllegalArgumentException(
          "a heap cannot be made for reading only, or copy-on-write: make it first, and then"
              + " attach in that way");
    }
    int page = calls.pageSize();
    long slots = (long) options.participants() * ParticipantLayout.SLOT_LENGTH;
    long data =
        options.plain()
            ? HeaderLayout.PLAIN_HEADER_LENGTH
            : Pages.roundUp(HeaderLayout.HEADER_LENGTH + slots, page);
    long span = Pages.roundUp(options.spanOrDefault(), page);
    long length = options.length() > Long.MAX_VALUE - data - page ? -1 : data + options.length();
    long rounded = Pages.roundUp(length, page);
    if (span <= 0) {
      throw new IllegalArgumentException(
          "a span of "
              + options.span()
              + " bytes is longer than all addresses of a process: use a smaller one, and no less"
              + " than the heap can grow to");
    }
    if (length < 0 || rounded > span) {
      throw new IllegalArgumentException(
          "a content of "
              + options.length()
              + " bytes with "
              + data
              + " bytes of header and tables does not fit into a span of "
              + (options.span() > 0 ? options.span() : span)
              + " bytes: use a smaller length or a larger span");
    }
    if (options.plain()) {
      return Header.plain(rounded, span, 0);
    }
    return new Header(
        rounded,
        span,
        0,
        false,
        HeaderLayout.CURRENT_VERSION,
        randomId(),
        calls.now(),
        page,
        HeaderLayout.HEADER_LENGTH,
        options.participants(),
        data,
        0,
        options.backingWhenMade() == Backing.SPARSE);
  }

  private Attachment createAt(Path path, Header sizes) {
    try {
      return createOn(path, sizes);
    } catch (HeapException e) {
      if (!(e instanceof HeapExistsException) && KernelMemory.isHugetlbfs(path)) {
        UnsupportedPlatformException explained =
            new UnsupportedPlatformException(
                path
                    + " cannot be created: it lies on hugetlbfs, whose files consist of huge pages"
                    + " and are not written by calls, and a heap is written a page of "
                    + calls.pageSize()
                    + " bytes at a time. Make it in /dev/shm, and wish for hugePages()");
        explained.initCause(e);
        throw explained;
      }
      throw e;
    }
  }

  private Attachment createOn(Path path, Header sizes) {
    HeapFile unnamed = HeapFile.createUnnamed(calls, path, options.mode());
    if (unnamed != null) {
      return finish(unnamed, sizes, new Linking(path, null));
    }
    Path hidden = hiddenName(path);
    HeapFile named = HeapFile.createHidden(calls, path, hidden, options.mode());
    try {
      return finish(named, sizes, new Linking(path, hidden));
    } catch (Throwable e) {
      suppressing(e, () -> calls.unlink(hidden.toString()));
      throw e;
    }
  }

  /** Gives a complete file its name. */
  private final class Linking implements Publication {
    private final Path path;
    private final @Nullable Path hidden;

    /** The hidden name is null if the file has none. */
    Linking(Path path, @Nullable Path hidden) {
      this.path = path;
      this.hidden = hidden;
    }

    @Override
    public void publish(int descriptor) {
      if (hidden == null) {
        link(descriptor, path);
      } else {
        rename(descriptor, hidden, path);
      }
    }

    @Override
    public void withdraw() {
      calls.unlink(path.toString());
    }
  }

  /** A hidden name that stays would keep the file for ever, so then the heap is not made at all. */
  private void rename(int descriptor, Path hidden, Path path) {
    link(descriptor, path);
    try {
      calls.unlink(hidden.toString());
    } catch (SystemCallException e) {
      suppressing(e, () -> calls.unlink(path.toString()));
      throw e;
    }
  }

  private Path hiddenName(Path path) {
    long random = calls.random() >>> 1;
    String name = path.getFileName().toString();
    String begin = name.substring(0, Math.min(name.length(), HIDDEN_PREFIX));
    return path.resolveSibling("." + begin + "." + Long.toString(random, 36) + ".tmp");
  }

  private void link(int descriptor, Path path) {
    try {
      calls.link(descriptor, path.toString());
    } catch (SystemCallException e) {
      throw HeapFile.explainCreate(path.toString(), e);
    }
  }

  /**
   * Makes a heap without a name.
   *
   * @param wanted what it is made of; null for the best that there is
   * @param name what the system shows
   */
  public Attachment createAnonymous(@Nullable AnonymousMemory wanted, String name) {
    Header sizes = measure();
    AnonymousFile made = AnonymousFile.create(calls, wanted, name, options.mode());
    boolean sealable = made.kind() == AnonymousMemory.MEMFD;
    return finish(made.file(), sizes, sealable ? calls::forbidShrinking : Publication.NONE);
  }

  private Attachment finish(HeapFile file, Header sizes, Publication publication) {
    Undo undo = Undo.begin(platform);
    undo.file = file;
    try {
      undo.span = sizes.span();
      undo.address = AddressSearch.search(calls, options.scanOrSpread(calls, undo.span), undo.span);
      Header header = sizes.at(undo.address);
      prepare(file, header);
      return new AttachmentOpening(options, platform).open(undo, file, header, publication);
    } catch (Throwable e) {
      undo.failed = true;
      undo.after(e);
      throw e;
    }
  }

  private void prepare(HeapFile file, Header header) {
    calls.setMode(file.descriptor(), options.mode());
    // Header and tables are touched at once, so they have their memory in a sparse heap as well.
    if (options.backingWhenMade() == Backing.SPARSE) {
      storage(file, Backing.ALLOCATED).extend(0, header.dataOffset());
    }
    storage(file, options.backingWhenMade()).extend(0, header.length());
    byte[] bytes = header.encode();
    int written = calls.write(file.descriptor(), bytes, 0);
    if (written != bytes.length) {
      throw new SystemCallException(
          "pwrite(header of " + file.path() + ")", Errno.ENOSPC, "only " + written + " bytes fit");
    }
  }

  private Storage storage(HeapFile file, Backing backing) {
    return new Storage(calls, file.path(), file.descriptor(), backing);
  }

  private static void suppressing(Throwable failure, Runnable cleanUp) {
    try {
      cleanUp.run();
    } catch (HeapException e) {
      failure.addSuppressed(e);
    }
  }
}

package dev.rszshm.heap.internal.os;

import com.kenai.jffi.MemoryIO;
import dev.rszshm.heap.Advice;
import dev.rszshm.heap.ProcessIdentity;
import dev.rszshm.heap.errors.SystemCallException;
import dev.rszshm.heap.spi.Errno;
import dev.rszshm.heap.spi.FileStatus;
import dev.rszshm.heap.spi.SystemCalls;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.jspecify.annotations.Nullable;

/**
 * The calls of 64-bit Linux, through jnr-ffi; with {@link LibC} the only code that knows jnr-ffi.
 *
 * <p>The error number is read at once after a failed call, on the thread that made it.
 */
public final class LinuxSystemCalls implements SystemCalls {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int READ_WRITE = 2;
  private static final int CREATE_EXCLUSIVELY = 0100 | 0200;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int TEMPORARY = 020000000;

  /** A named pipe must not hold up the one who opens it by mistake. */
  private static final int NON_BLOCKING = 04000;

  private static final int CURRENT_DIRECTORY = -100;
  private static final int FOLLOW_LINK = 0x400;
  private static final int EMPTY_PATH = 0x1000;

  private static final int STATUS_LENGTH = 256;
  private static final int BASIC_STATUS = 0x7ff;
  private static final int STATUS_OWNER = 20;
  private static final int STATUS_MODE = 28;
  private static final int STATUS_INODE = 32;
  private static final int STATUS_SIZE = 40;
  private static final int STATUS_DEVICE_MAJOR = 136;
  private static final int STATUS_DEVICE_MINOR = 140;
  private static final int FILE_TYPE = 0170000;
  private static final int REGULAR = 0100000;

  private static final int NO_ACCESS = 0;
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int SHARED = 0x01;
  private static final int PRIVATE = 0x02;
  private static final int FIXED = 0x10;
  private static final int ANONYMOUS = 0x20;
  private static final int NO_RESERVE = 0x4000;
  private static final int FIXED_NO_REPLACE = 0x100000;
  private static final int SYNC_ASYNC = 1;
  private static final int SYNC_WAIT = 4;

  private static final long MEMBARRIER = HostPlatform.isX86() ? 324 : 283;
  private static final long MEMBARRIER_GLOBAL = 1;

  /**
   * Where the kernel has no membarrier: a store is in its buffer for microseconds, and all threads
   * have stored what they had to after this time, with a factor of a thousand to spare.
   */
  private static final long STORE_BUFFER_NANOS = 50_000_000;

  private static final int COLLAPSE = 25;
  private static final int MAX_NODES = 1024;
  private static final int PREFERRED = 1;
  private static final long MBIND_X86 = 237;
  private static final long MBIND_OTHERS = 235;

  private static final int LOCK_EXCLUSIVE = 2;
  private static final int LOCK_NON_BLOCKING = 4;
  private static final int LOCK_UNLOCK = 8;

  private static final int OFD_GET_LOCK = 36;
  private static final int OFD_SET_LOCK = 37;
  private static final int WRITE_LOCK = 1;
  private static final int NO_LOCK = 2;
  private static final int LOCK_SIZE = 32;
  private static final int LOCK_TYPE = 0;
  private static final int LOCK_START = 8;
  private static final int LOCK_LENGTH = 16;
  private static final int LOCK_PROCESS = 24;
  private static final int NO_PROCESS = -1;

  private static final int MEMFD_CLOSE_ON_EXEC = 1;
  private static final int MEMFD_ALLOW_SEALING = 2;
  private static final int ADD_SEALS = 1033;
  private static final int SEAL_SHRINK = 2;

  private static final String RANDOM = "/dev/urandom";

  private static @Nullable LinuxSystemCalls instance;

  private final LibC c;
  private final Runtime runtime;
  private final int pageSize;
  private final int processors = java.lang.Runtime.getRuntime().availableProcessors();

  private final int directoryFlag;
  private final int noFollowFlag;
  private final Futex futex;

  private LinuxSystemCalls() {
    HostPlatform.check();
    c = NativeLibrary.load(() -> LibraryLoader.create(LibC.class).failImmediately().load("c"));
    runtime = Runtime.getRuntime(c);
    pageSize = c.getpagesize();
    boolean x86 = HostPlatform.isX86();
    directoryFlag = x86 ? 0200000 : 040000;
    noFollowFlag = x86 ? 0400000 : 0100000;
    futex = new Futex(c, runtime);
  }

  /** Loads the native library at the first call; a failure is thrown by each call that meets it. */
  public static SystemCalls instance() {
    return loaded();
  }

  /** Returns what this process can ask for itself; loads the native library as well. */
  public static OwnProcess ownProcess() {
    return new OwnProcess(loaded().c);
  }

  private static synchronized LinuxSystemCalls loaded() {
    if (instance == null) {
      instance = made();
    }
    return instance;
  }

  /** What jnr-ffi initializes at its first use would be broken for good by an interrupt. */
  private static LinuxSystemCalls made() {
    try {
      return Uninterrupted.call(LinuxSystemCalls::new);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception impossible) {
      throw new IllegalStateException("a constructor threw a checked exception", impossible);
    }
  }

  @Override
  public int open(String path, boolean writable, boolean followLinks) {
    int flags = (writable ? READ_WRITE : 0) | CLOSE_ON_EXEC | NON_BLOCKING;
    flags |= followLinks ? 0 : noFollowFlag;
    int descriptor = c.open(FileName.toBytes(path), flags, 0);
    return checked(descriptor, () -> "open(" + path + ")");
  }

  @Override
  public int createUnnamed(String directory, int mode) {
    int flags = READ_WRITE | CLOSE_ON_EXEC | TEMPORARY | directoryFlag;
    return checked(
        c.open(FileName.toBytes(directory), flags, mode),
        () -> "open(" + directory + ", O_TMPFILE)");
  }

  @Override
  public int createExclusive(String path, int mode) {
    int flags = READ_WRITE | CLOSE_ON_EXEC | CREATE_EXCLUSIVELY | noFollowFlag;
    return checked(
        c.open(FileName.toBytes(path), flags, mode), () -> "open(" + path + ", O_CREAT|O_EXCL)");
  }

  @Override
  public void link(int descriptor, String path) {
    checked(
        c.linkat(
            CURRENT_DIRECTORY,
            FileName.toBytes("/proc/self/fd/" + descriptor),
            CURRENT_DIRECTORY,
            FileName.toBytes(path),
            FOLLOW_LINK),
        () -> "linkat(" + path + ")");
  }

  @Override
  public int createInMemory(String name) {
    return checked(
        c.memfd_create(FileName.toBytes(name), MEMFD_CLOSE_ON_EXEC | MEMFD_ALLOW_SEALING),
        () -> "memfd_create(" + name + ")");
  }

  @Override
  public void forbidShrinking(int descriptor) {
    Pointer seals = Pointer.wrap(runtime, SEAL_SHRINK);
    checked(c.fcntl(descriptor, ADD_SEALS, seals), () -> "fcntl(F_ADD_SEALS, F_SEAL_SHRINK)");
  }

  @Override
  public void unlink(String path) {
    checked(c.unlink(FileName.toBytes(path)), () -> "unlink(" + path + ")");
  }

  @Override
  public String makeDirectory(String template) {
    byte[] bytes = FileName.toBytes(template);
    Pointer buffer = Memory.allocateDirect(runtime, bytes.length, true);
    buffer.put(0, bytes, 0, bytes.length);
    checked(c.mkdtemp(buffer) == null ? -1 : 0, () -> "mkdtemp(" + template + ")");
    byte[] made = new byte[bytes.length - 1];
    buffer.get(0, made, 0, made.length);
    return FileName.toText(made);
  }

  @Override
  public void removeDirectory(String path) {
    checked(c.rmdir(FileName.toBytes(path)), () -> "rmdir(" + path + ")");
  }

  @Override
  public void close(int descriptor) {
    checked(c.close(descriptor), () -> "close(" + descriptor + ")");
  }

  @Override
  public FileStatus status(int descriptor) {
    Pointer status = Memory.allocateDirect(runtime, STATUS_LENGTH, true);
    checked(
        c.statx(descriptor, FileName.toBytes(""), EMPTY_PATH, BASIC_STATUS, status),
        () -> "statx(" + descriptor + ")");
    long device =
        Integer.toUnsignedLong(status.getInt(STATUS_DEVICE_MAJOR)) << 32
            | Integer.toUnsignedLong(status.getInt(STATUS_DEVICE_MINOR));
    return new FileStatus(
        new FileStatus.Key(device, status.getLong(STATUS_INODE)),
        status.getLong(STATUS_SIZE),
        status.getInt(STATUS_OWNER),
        (status.getShort(STATUS_MODE) & FILE_TYPE) == REGULAR);
  }

  @Override
  public void setMode(int descriptor, int mode) {
    checked(c.fchmod(descriptor, mode), () -> "fchmod(" + Integer.toOctalString(mode) + ")");
  }

  @Override
  public long capacity(int descriptor) {
    long total = new File("/proc/self/fd/" + descriptor).getTotalSpace();
    return total > 0 ? total : Long.MAX_VALUE;
  }

  @Override
  public void allocate(int descriptor, long offset, long length) {
    checked(
        c.fallocate(descriptor, 0, offset, length),
        () -> "fallocate(offset " + offset + ", length " + length + ")");
  }

  @Override
  public void discard(int descriptor, long offset, long length) {
    checked(
        c.fallocate(descriptor, PUNCH_HOLE | KEEP_SIZE, offset, length),
        () -> "fallocate(hole at " + offset + ", length " + length + ")");
  }

  @Override
  public void truncate(int descriptor, long length) {
    checked(c.ftruncate(descriptor, length), () -> "ftruncate(" + length + ")");
  }

  @Override
  public int read(int descriptor, byte[] into, long offset) {
    return (int)
        checked(
            c.pread(descriptor, into, into.length, offset),
            () -> "pread(" + into.length + " bytes at " + offset + ")");
  }

  @Override
  public int write(int descriptor, byte[] from, long offset) {
    return (int)
        checked(
            c.pwrite(descriptor, from, from.length, offset),
            () -> "pwrite(" + from.length + " bytes at " + offset + ")");
  }

  @Override
  public long reserve(long address, long length) {
    int flags = PRIVATE | ANONYMOUS | NO_RESERVE | FIXED_NO_REPLACE;
    return map(address, length, NO_ACCESS, flags, -1, 0);
  }

  @Override
  public void overlay(int descriptor, long address, long offset, long length, boolean writable) {
    int protection = writable ? READ | WRITE : READ;
    map(address, length, protection, SHARED | FIXED, descriptor, offset);
  }

  @Override
  public void overlayPrivately(int descriptor, long address, long offset, long length) {
    map(address, length, READ | WRITE, PRIVATE | NO_RESERVE | FIXED, descriptor, offset);
  }

  /**
   * A file in memory without content takes memory only for the pages that are touched, so neither a
   * limit of private data nor strict overcommitment stands in the way. Where there is no descriptor
   * for it, private pages stand in.
   *
   * <p>On x86 the kernel interrupts the processors that run this process to make them forget the
   * old pages, and an interrupt lets no load pass a store. Others forget without one.
   */
  @Override
  public void blank(long address, long length) {
    if (!HostPlatform.isX86()) {
      fenceEverywhere();
    }
    int empty = c.memfd_create(FileName.toBytes("rszshm-closed"), MEMFD_CLOSE_ON_EXEC);
    boolean mapped =
        empty >= 0 && c.ftruncate(empty, length) == 0 && overlaid(empty, address, length);
    if (empty >= 0) {
      c.close(empty);
    }
    if (!mapped) {
      map(address, length, READ | WRITE, PRIVATE | ANONYMOUS | NO_RESERVE | FIXED, -1, 0);
    }
  }

  private boolean overlaid(int descriptor, long address, long length) {
    Pointer at = Pointer.wrap(runtime, address);
    return c.mmap(at, length, READ | WRITE, SHARED | FIXED, descriptor, 0) != -1;
  }

  private long map(long address, long length, int protection, int flags, int fd, long offset) {
    long mapped = c.mmap(Pointer.wrap(runtime, address), length, protection, flags, fd, offset);
    return checked(
        mapped,
        () ->
            String.format(
                Locale.ROOT,
                "mmap(0x%x, length %d, offset %d, flags 0x%x)",
                address,
                length,
                offset,
                flags));
  }

  @Override
  public void unmap(long address, long length) {
    checked(
        c.munmap(address, length),
        () -> String.format(Locale.ROOT, "munmap(0x%x, length %d)", address, length));
  }

  @Override
  public void sync(long address, long length, boolean wait) {
    checked(
        c.msync(address, length, wait ? SYNC_WAIT : SYNC_ASYNC),
        () -> String.format(Locale.ROOT, "msync(0x%x, length %d)", address, length));
  }

  @Override
  public void syncFile(int descriptor) {
    checked(c.fsync(descriptor), () -> "fsync(" + descriptor + ")");
  }

  @Override
  public void advise(long address, long length, Advice advice) {
    int number =
        switch (advice) {
          case NORMAL -> 0;
          case RANDOM -> 1;
          case SEQUENTIAL -> 2;
          case WILL_NEED -> 3;
          case HUGE_PAGES -> 14;
        };
    checked(
        c.madvise(address, length, number),
        () -> String.format(Locale.ROOT, "madvise(0x%x, length %d, %s)", address, length, advice));
  }

  @Override
  public void lockInMemory(long address, long length) {
    checked(
        c.mlock(address, length),
        () -> String.format(Locale.ROOT, "mlock(0x%x, length %d)", address, length));
  }

  @Override
  public void collapse(long address, long length) {
    checked(
        c.madvise(address, length, COLLAPSE),
        () -> String.format(Locale.ROOT, "madvise(0x%x, length %d, COLLAPSE)", address, length));
  }

  @Override
  public void unlockFromMemory(long address, long length) {
    checked(
        c.munlock(address, length),
        () -> String.format(Locale.ROOT, "munlock(0x%x, length %d)", address, length));
  }

  @Override
  public void preferNode(long address, long length, int node) {
    if (node < 0 || node >= MAX_NODES) {
      throw failure("mbind(node " + node + ")", Errno.EINVAL);
    }
    Pointer mask = Memory.allocateDirect(runtime, MAX_NODES / Byte.SIZE, true);
    mask.putByte(node / Byte.SIZE, (byte) (1 << node % Byte.SIZE));
    Pointer at = Pointer.wrap(runtime, address);
    long number = HostPlatform.isX86() ? MBIND_X86 : MBIND_OTHERS;
    checked(
        c.syscall(number, at, length, PREFERRED, mask, MAX_NODES + 1L, 0),
        () -> String.format(Locale.ROOT, "mbind(0x%x, length %d, %d)", address, length, node));
  }

  @Override
  public boolean tryLockFile(int descriptor) {
    return unlessBusy(
        c.flock(descriptor, LOCK_EXCLUSIVE | LOCK_NON_BLOCKING), "flock(LOCK_EX|LOCK_NB)");
  }

  @Override
  public void unlockFile(int descriptor) {
    checked(c.flock(descriptor, LOCK_UNLOCK), () -> "flock(LOCK_UN)");
  }

  @Override
  public boolean tryLockByte(int descriptor, long offset) {
    return unlessBusy(
        c.fcntl(descriptor, OFD_SET_LOCK, lockOfByte(WRITE_LOCK, offset)),
        "fcntl(F_OFD_SETLK, F_WRLCK)");
  }

  @Override
  public void unlockByte(int descriptor, long offset) {
    checked(
        c.fcntl(descriptor, OFD_SET_LOCK, lockOfByte(NO_LOCK, offset)),
        () -> "fcntl(F_OFD_SETLK, F_UNLCK)");
  }

  @Override
  public boolean isByteLocked(int descriptor, long offset) {
    return isLockOfByte(conflict(descriptor, offset), offset);
  }

  @Override
  public Optional<String> strangersLock(int descriptor, long offset) {
    Pointer lock = conflict(descriptor, offset);
    if (lock.getShort(LOCK_TYPE) == NO_LOCK || isLockOfByte(lock, offset)) {
      return Optional.empty();
    }
    long start = lock.getLong(LOCK_START);
    long length = lock.getLong(LOCK_LENGTH);
    int process = lock.getInt(LOCK_PROCESS);
    return Optional.of(
        (process > 0 ? "process " + process : "somebody")
            + " holds a "
            + (lock.getShort(LOCK_TYPE) == WRITE_LOCK ? "write" : "read")
            + " lock on bytes "
            + start
            + " to "
            + (length == 0 ? "the end" : start + length - 1));
  }

  /** The lock that keeps a write lock from a byte; of the type NO_LOCK if there is none. */
  private Pointer conflict(int descriptor, long offset) {
    Pointer lock = lockOfByte(WRITE_LOCK, offset);
    checked(c.fcntl(descriptor, OFD_GET_LOCK, lock), () -> "fcntl(F_OFD_GETLK)");
    return lock;
  }

  /** Locks of open file descriptions have no process; those of {@code FileChannel} have one. */
  private static boolean isLockOfByte(Pointer lock, long offset) {
    return lock.getShort(LOCK_TYPE) == WRITE_LOCK
        && lock.getLong(LOCK_START) == offset
        && lock.getLong(LOCK_LENGTH) == 1
        && lock.getInt(LOCK_PROCESS) == NO_PROCESS;
  }

  /** A {@code struct flock}: type, whence, start, length, pid. */
  private Pointer lockOfByte(int type, long offset) {
    Pointer lock = Memory.allocateDirect(runtime, LOCK_SIZE, true);
    lock.putShort(LOCK_TYPE, (short) type);
    lock.putLong(LOCK_START, offset);
    lock.putLong(LOCK_LENGTH, 1);
    return lock;
  }

  @Override
  public Wait waitOnWord(long address, int expected, long nanos) {
    return futex.sleep(address, expected, nanos);
  }

  @Override
  public Wait waitOnWords(long[] addresses, int[] expected, long nanos) {
    return futex.sleep(addresses, expected, nanos);
  }

  @Override
  public int wakeWord(long address, int count) {
    return futex.wake(address, count);
  }

  @Override
  public void fenceEverywhere() {
    if (c.syscall(MEMBARRIER, MEMBARRIER_GLOBAL, 0, 0, 0L) != 0) {
      long until = System.nanoTime() + STORE_BUFFER_NANOS;
      for (long left = STORE_BUFFER_NANOS; left > 0; left = until - System.nanoTime()) {
        pause(left);
      }
    }
  }

  @Override
  public ByteBuffer buffer(long address, int length) {
    return MemoryIO.getInstance().newDirectByteBuffer(address, length);
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Instant now() {
    return Instant.now();
  }

  @Override
  public void pause(long nanos) {
    boolean interrupted = Thread.interrupted(); // or the pause would be none
    LockSupport.parkNanos(nanos);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public int processors() {
    return processors;
  }

  /** As {@link SecureRandom} does it, without the start of the providers of security. */
  @Override
  public long random() {
    try (InputStream in = new FileInputStream(RANDOM)) {
      byte[] bytes = in.readNBytes(Long.BYTES);
      if (bytes.length == Long.BYTES) {
        return ByteBuffer.wrap(bytes).getLong();
      }
    } catch (IOException e) {
      return new SecureRandom().nextLong();
    }
    return new SecureRandom().nextLong();
  }

  @Override
  public ProcessIdentity identity() {
    return CurrentProcess.identity();
  }

  @Override
  public int pageSize() {
    return pageSize;
  }

  @Override
  public int effectiveUser() {
    return c.geteuid();
  }

  private int checked(int result, Call call) {
    return (int) checked((long) result, call);
  }

  private long checked(long result, Call call) {
    if (result == -1) {
      throw failure(call.describe(), runtime.getLastError());
    }
    return result;
  }

  private boolean unlessBusy(int result, String call) {
    if (result == 0) {
      return true;
    }
    int errno = runtime.getLastError();
    if (errno == Errno.EAGAIN || errno == Errno.EACCES || errno == Errno.EINTR) {
      return false;
    }
    throw failure(call, errno);
  }

  private static SystemCallException failure(String call, int errno) {
    return new SystemCallException(call, errno, Errno.describe(errno));
  }

  /** Describes a call, once it has failed. */
  private interface Call {
    String describe();
  }
}
